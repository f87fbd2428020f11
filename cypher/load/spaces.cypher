// Write spaces, and take away their links before new ones are made.
// params:
//   rows: list = [] - maps of an id and a map of properties
UNWIND $rows AS row
MERGE (s:Space {id: row.id})
SET s += row.properties
WITH s
MATCH (s)-[old:USES_MODEL|USES_DATASET]->()
DELETE old
