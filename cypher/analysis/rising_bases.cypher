// On which models were most models built since a date?
// params:
//   since: datetime = "2024-07-01T00:00:00+00:00" - the date
//   limit: integer = 25 - how many rows
// returns:
//   base: string - the model
//   built_on: integer - models built on it since
//   first: datetime - the first of them
MATCH (child:Model)-[:BASED_ON]->(base:Model)
WHERE child.createdAt >= $since AND child.deletedAt IS NULL
RETURN base.id AS base, count(*) AS built_on, min(child.createdAt) AS first
ORDER BY built_on DESC, base
LIMIT $limit
