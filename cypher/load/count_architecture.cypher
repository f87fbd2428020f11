// Store how many models link to each of the given architectures.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Architecture {name: row.key})
SET f.degree = COUNT { (f)<-[:HAS_ARCHITECTURE]-() }
