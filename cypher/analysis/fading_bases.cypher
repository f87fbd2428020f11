// On which models that many have built on has nobody built for a while?
// params:
//   at_least: integer = 15 - only models from which so many were made directly
//   since: datetime = "2024-01-01T00:00:00+00:00" - nobody since then
//   limit: integer = 25 - how many rows
// returns:
//   base: string - the model
//   built_on: integer - models made directly from it
//   last: datetime - the last of those that are there
MATCH (base:Model) WHERE base.builtOn >= $at_least
WITH base WHERE base.lastBuiltOn < $since
RETURN base.id AS base, base.builtOn AS built_on, base.lastBuiltOn AS last
ORDER BY built_on DESC, base
LIMIT $limit
