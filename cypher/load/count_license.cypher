// Store how many models link to each of the given licenses.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:License {name: row.key})
SET f.degree = COUNT { (f)<-[:LICENSED_UNDER]-() }
