// Write collections, and take away their links before new ones are made.
// params:
//   rows: list = [] - maps of a slug as id, and a map of properties
UNWIND $rows AS row
MERGE (c:Collection {slug: row.id})
SET c += row.properties
WITH c
MATCH (c)-[old:HOLDS_MODEL|HOLDS_DATASET]->()
DELETE old
