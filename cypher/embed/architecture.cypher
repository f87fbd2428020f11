// Write the text vectors of architectures.
// params:
//   rows: list = [] - maps of a key, a vector and the hash of the text behind it
UNWIND $rows AS row
MATCH (f:Architecture {name: row.key})
SET f.textEmbedding = row.vector, f.textHash = row.hash
