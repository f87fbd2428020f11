// Link models to their languages, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its languages
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Language {name: key})
CREATE (m)-[:IN_LANGUAGE]->(f)
