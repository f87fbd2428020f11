// Let other ids stand for models.
// params:
//   rows: list = [] - maps of an alias and the id of its model
UNWIND $rows AS row
MERGE (a:Alias {id: row.alias})
WITH a, row
OPTIONAL MATCH (a)-[old:ALIAS_OF]->()
DELETE old
WITH DISTINCT a, row
MATCH (m:Model {id: row.id})
CREATE (a)-[:ALIAS_OF]->(m)
