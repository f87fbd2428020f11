// Link models to their libraries, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its libraries
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Library {name: key})
CREATE (m)-[:USES_LIBRARY]->(f)
