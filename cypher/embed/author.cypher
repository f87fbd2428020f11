// Write the text vectors of authors.
// params:
//   rows: list = [] - maps of a key, a vector and the hash of the text behind it
UNWIND $rows AS row
MATCH (f:Author {name: row.key})
SET f.textEmbedding = row.vector, f.textHash = row.hash
