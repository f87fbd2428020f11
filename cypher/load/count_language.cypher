// Store how many models link to each of the given languages.
// params:
//   rows: list = [] - maps of one key each
UNWIND $rows AS row
MATCH (f:Language {name: row.key})
SET f.degree = COUNT { (f)<-[:IN_LANGUAGE]-() }
