// Store the most downloaded of many models that were made from some models, and how many there are of each kind.
// params:
//   rows: list = [] - maps of a model's id, the ids of its children, the most downloaded first, and numbers by kind
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.mostUsedChildren = row.children, m.childKinds = row.kinds
