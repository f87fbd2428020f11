// Store in which cluster models are, and where they lie in the picture.
// params:
//   rows: list = [] - maps of a model's id, its cluster and its x and y (0 to 1)
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.cluster = row.cluster, m.x = row.x, m.y = row.y
