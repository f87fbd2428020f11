// Store how many models link to each of the given papers.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Paper {arxivId: row.key})
SET f.degree = COUNT { (f)<-[:CITES]-() }
