// Write datasets' properties; a property that is null is taken away.
// params:
//   rows: list = [] - maps of an id and a map of properties
UNWIND $rows AS row
MERGE (d:Dataset {id: row.id})
SET d += row.properties
SET d.degree = coalesce(d.degree, 0)
