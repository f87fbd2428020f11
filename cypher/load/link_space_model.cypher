// Link spaces to the models that they use.
// params:
//   rows: list = [] - maps of a space's id as id, and the ids of the models
UNWIND $rows AS row
MATCH (s:Space {id: row.id})
UNWIND row.keys AS key
MATCH (m:Model {id: key})
CREATE (s)-[:USES_MODEL]->(m)
