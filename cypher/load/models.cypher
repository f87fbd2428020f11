// Write models' properties; a property that is null is taken away, and so is the hash of a text that changes.
// params:
//   rows: list = [] - maps of an id and a map of properties
UNWIND $rows AS row
MERGE (m:Model {id: row.id})
ON CREATE SET m.builtOn = 0
SET m.textHash = CASE WHEN m.soup = row.properties.soup THEN m.textHash END
SET m += row.properties
