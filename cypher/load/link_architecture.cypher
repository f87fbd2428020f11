// Link models to their architectures, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its architectures
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Architecture {name: key})
CREATE (m)-[:HAS_ARCHITECTURE]->(f)
