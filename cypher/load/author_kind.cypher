// Write whether authors are users or organisations.
// params:
//   rows: list = [] - maps of an author's name and kind
UNWIND $rows AS row
MATCH (a:Author {name: row.name})
SET a.kind = row.kind
