// Note what the links of models to similar ones were made from.
// params:
//   rows: list = [] - maps of a model's id and its record, null where it has no such links
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.similarHash = row.record
