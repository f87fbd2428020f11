// Take away that a person likes the given models.
// params:
//   user: string = "julien-c" - the person's name on the Hub
//   rows: list = [] - maps of a model's id
UNWIND $rows AS row
MATCH (:User {id: $user})-[r:LIKED]->(:Model {id: row.id})
DELETE r
