// Mark datasets as no longer on the Hub; without its hash one that comes back is written again.
// params:
//   rows: list = [] - maps of an id
//   at: datetime = null - when it was noticed
UNWIND $rows AS row
MATCH (d:Dataset {id: row.id})
SET d += {deletedAt: $at, contentHash: null}
