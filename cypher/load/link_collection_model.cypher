// Link collections to the models in them.
// params:
//   rows: list = [] - maps of a collection's slug as id, and the ids of the models
UNWIND $rows AS row
MATCH (c:Collection {slug: row.id})
UNWIND row.keys AS key
MATCH (m:Model {id: key})
CREATE (c)-[:HOLDS_MODEL]->(m)
