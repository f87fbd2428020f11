// Mark models as no longer on the Hub; without its hash one that comes back is written whole again, and what was counted of a base goes.
// params:
//   rows: list = [] - maps of an id
//   at: datetime = null - when it was noticed
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m += {deletedAt: $at, contentHash: null, lastBuiltOn: null, otherTasks: null, otherTaskChildren: null,
  childRelations: null, childDownloads: null, mergedFrom: null}
