// Link models to their tasks, which are created where they are missing.
// params:
//   rows: list = [] - maps of a key and the ids of the models that link to it
UNWIND $rows AS row
MERGE (f:Task {name: row.key})
WITH f, row.ids AS ids
UNWIND ids AS id
MATCH (m:Model {id: id})
CREATE (m)-[:FOR_TASK]->(f)
