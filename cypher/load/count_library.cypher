// Store how many models link to each of the given libraries.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Library {name: row.key})
SET f.degree = COUNT { (f)<-[:USES_LIBRARY]-() }
