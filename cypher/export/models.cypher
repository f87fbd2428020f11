// Every model in the graph with its time and text vector, in order of its id.
// params:
//   ids: list = null - only these models; null is all of them
// returns:
//   key: string - the model
//   time: datetime - when it was created, or last changed where the source has no creation date
//   features: list - its text vector
MATCH (m:Model)
WHERE m.deletedAt IS NULL AND ($ids IS NULL OR m.id IN $ids)
RETURN m.id AS key, coalesce(m.createdAt, m.lastModified) AS time, m.textEmbedding AS features
ORDER BY key
