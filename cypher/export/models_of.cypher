// Some models with their time and text vector.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   key: string - the model
//   time: datetime - when it was created, or last changed where the source has no creation date
//   features: list - its text vector
UNWIND $ids AS id
MATCH (m:Model {id: id})
WHERE m.deletedAt IS NULL
RETURN m.id AS key, coalesce(m.createdAt, m.lastModified) AS time, m.textEmbedding AS features
