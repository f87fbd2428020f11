// Store how many models link to each of the given datasets.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Dataset {id: row.key})
SET f.degree = COUNT { (f)<-[:TRAINED_ON]-() }
