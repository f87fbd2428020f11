// Link models to their tags, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its tags
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Tag {name: key})
CREATE (m)-[:HAS_TAG]->(f)
