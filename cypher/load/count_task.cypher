// Store how many models link to each of the given tasks.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Task {name: row.key})
SET f.degree = COUNT { (f)<-[:FOR_TASK]-() }
