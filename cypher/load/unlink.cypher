// Take away a model's links to facts and bases, before new ones are made.
// params:
//   rows: list = [] - maps of one model's id each
UNWIND $rows AS row
MATCH (:Model {id: row.id})-[r:FOR_TASK|USES_LIBRARY|HAS_TAG|IN_LANGUAGE|LICENSED_UNDER|HAS_ARCHITECTURE|TRAINED_ON|CITES|PUBLISHED_BY|BASED_ON]->()
DELETE r
