// Store what was made from some models: when the last, for how many tasks other than their own, and how many for these.
// params:
//   rows: list = [] - maps of a model's id and its numbers: lastBuiltOn, otherTasks and otherTaskChildren, null where there are none
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m += row.numbers
