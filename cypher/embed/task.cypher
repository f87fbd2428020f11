// Write the text vectors of tasks.
// params:
//   rows: list = [] - maps of a key, a vector and the hash of the text behind it
UNWIND $rows AS row
MATCH (f:Task {name: row.key})
SET f.textEmbedding = row.vector, f.textHash = row.hash
