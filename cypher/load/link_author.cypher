// Link models to their authors, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its authors
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Author {name: key})
CREATE (m)-[:PUBLISHED_BY]->(f)
