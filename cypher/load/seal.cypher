// Mark models as loaded whole, with the hash of their content.
// params:
//   rows: list = [] - maps of an id and a hash
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.contentHash = row.hash
