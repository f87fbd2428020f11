// Store of which models a GGUF form is known.
// params:
//   rows: list = [] - maps of a model's id and gguf: true, or null where none is known any more
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.gguf = row.gguf
