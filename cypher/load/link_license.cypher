// Link models to their licenses, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its licenses
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:License {name: key})
CREATE (m)-[:LICENSED_UNDER]->(f)
