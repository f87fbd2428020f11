// Link spaces to the datasets that they use.
// params:
//   rows: list = [] - maps of a space's id as id, and the ids of the datasets
UNWIND $rows AS row
MATCH (s:Space {id: row.id})
UNWIND row.keys AS key
MATCH (d:Dataset {id: key})
CREATE (s)-[:USES_DATASET]->(d)
