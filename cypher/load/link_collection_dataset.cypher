// Link collections to the datasets in them.
// params:
//   rows: list = [] - maps of a collection's slug as id, and the ids of the datasets
UNWIND $rows AS row
MATCH (c:Collection {slug: row.id})
UNWIND row.keys AS key
MATCH (d:Dataset {id: key})
CREATE (c)-[:HOLDS_DATASET]->(d)
