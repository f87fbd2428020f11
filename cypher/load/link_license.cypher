// Link models to their licenses, which are created where they are missing.
// params:
//   rows: list = [] - maps of a key and the ids of the models that link to it
UNWIND $rows AS row
MERGE (f:License {name: row.key})
WITH f, row.ids AS ids
UNWIND ids AS id
MATCH (m:Model {id: id})
CREATE (m)-[:LICENSED_UNDER]->(f)
