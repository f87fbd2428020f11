// Store how many models link to each of the given authors.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Author {name: row.key})
SET f.degree = COUNT { (f)<-[:PUBLISHED_BY]-() }
