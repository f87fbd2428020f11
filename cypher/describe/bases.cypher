// Store numbers of some models: of what was made from them, and of how many models they are a merge.
// params:
//   rows: list = [] - maps of a model's id and its numbers: lastBuiltOn, otherTasks, otherTaskChildren, childRelations, childDownloads and mergedFrom, null where there are none
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m += row.numbers
