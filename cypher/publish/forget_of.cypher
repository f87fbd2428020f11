// Deletes the stored recommendations of some models.
// params:
//   rows: list = [] - maps of a model's id
//   method: string = "gat" - the method
UNWIND $rows AS row
MATCH (:Model {id: row.id})-[r:RECOMMENDS {method: $method}]->()
DELETE r
