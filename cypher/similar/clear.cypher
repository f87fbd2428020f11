// Take away the similar models of the given ones, by one method.
// params:
//   rows: list = [] - maps of a model's id
//   method: string = "cosine" - the method
UNWIND $rows AS row
MATCH (:Model {id: row.id})-[r:SIMILAR_TO {method: $method}]->()
DELETE r
