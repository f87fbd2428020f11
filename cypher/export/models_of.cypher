// Some models with their times and the hashes of their texts.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   key: string - the model
//   time: datetime - when it was created, or last changed where the source has no creation date
//   hash: string - of the text behind its text vector
UNWIND $ids AS id
MATCH (m:Model {id: id})
WHERE m.deletedAt IS NULL
RETURN m.id AS key, coalesce(m.createdAt, m.lastModified) AS time, m.textHash AS hash
