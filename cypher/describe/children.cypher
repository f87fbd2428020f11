// Store the most downloaded of many models that were made from some models.
// params:
//   rows: list = [] - maps of a model's id and the ids of its children, the most downloaded first
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.mostUsedChildren = row.children
