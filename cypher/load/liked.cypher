// Which models does a person like, as far as it was loaded?
// params:
//   user: string = "julien-c" - the person's name on the Hub
// returns:
//   id: string - a model
MATCH (:User {id: $user})-[:LIKED]->(m:Model)
RETURN m.id AS id
