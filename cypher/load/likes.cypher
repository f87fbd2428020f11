// Write which models a person likes.
// params:
//   user: string = "julien-c" - the person's name on the Hub
//   rows: list = [] - maps of a model's id, and since when
MERGE (u:User {id: $user})
WITH u
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
MERGE (u)-[r:LIKED]->(m)
SET r.at = row.at
