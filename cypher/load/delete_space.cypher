// Mark spaces as no longer on the Hub.
// params:
//   rows: list = [] - maps of an id
//   at: datetime = null - when it was noticed
UNWIND $rows AS row
MATCH (s:Space {id: row.id})
SET s.deletedAt = $at
