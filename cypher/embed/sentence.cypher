// Write the sentence transformer's vectors of models.
// params:
//   rows: list = [] - maps of a key, a vector and the hash of the text behind it
UNWIND $rows AS row
MATCH (m:Model {id: row.key})
SET m.sentenceEmbedding = row.vector, m.sentenceHash = row.hash
