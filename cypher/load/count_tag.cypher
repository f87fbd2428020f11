// Store how many models link to each of the given tags.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Tag {name: row.key})
SET f.degree = COUNT { (f)<-[:HAS_TAG]-() }
