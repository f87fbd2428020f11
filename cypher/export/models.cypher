// Every model in the graph with its time and the hash of its text.
// returns:
//   key: string - the model
//   time: datetime - when it was created, or last changed where the source has no creation date
//   hash: string - of the text behind its text vector
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS key, coalesce(m.createdAt, m.lastModified) AS time, m.textHash AS hash
