// Take away what a run has stored for some models.
// params:
//   rows: list = [] - maps of a model's id
//   run: string = "gat-1" - the run
UNWIND $rows AS row
MATCH (:Model {id: row.id})-[r:RECOMMENDS {run: $run}]->()
DELETE r
