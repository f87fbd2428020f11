// Write models' properties; a property that is null is taken away.
// params:
//   rows: list = [] - maps of an id and a map of properties
UNWIND $rows AS row
MERGE (m:Model {id: row.id})
ON CREATE SET m.builtOn = 0
SET m += row.properties
