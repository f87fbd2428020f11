// Write the text vectors of models.
// params:
//   rows: list = [] - maps of a key, a vector and the hash of the text behind it
UNWIND $rows AS row
MATCH (m:Model {id: row.key})
SET m.textEmbedding = row.vector, m.textHash = row.hash
