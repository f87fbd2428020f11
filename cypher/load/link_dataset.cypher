// Link models to their datasets, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its datasets
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Dataset {id: key})
CREATE (m)-[:TRAINED_ON]->(f)
