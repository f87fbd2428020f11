// On which models that many have built on has nobody built for a while?
// params:
//   at_least: integer = 15 - only models from which so many were made directly
//   since: datetime = "2024-01-01T00:00:00+00:00" - nobody since then
//   limit: integer = 25 - how many rows
// returns:
//   base: string - the model
//   built_on: integer - models made directly from it
//   last: datetime - the last of them
MATCH (base:Model) WHERE base.builtOn >= $at_least
WITH base WHERE NOT EXISTS { MATCH (base)<-[:BASED_ON]-(child:Model) WHERE child.createdAt >= $since }
UNWIND [(base)<-[:BASED_ON]-(child:Model) | child.createdAt] AS made
RETURN base.id AS base, base.builtOn AS built_on, max(made) AS last
ORDER BY built_on DESC, base
LIMIT $limit
