// Link models to their tasks, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its tasks
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Task {name: key})
CREATE (m)-[:FOR_TASK]->(f)
