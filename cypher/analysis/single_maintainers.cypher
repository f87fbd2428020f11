// On which models do many build although their author has published next to nothing else?
// params:
//   at_least: integer = 5 - only models from which so many were made directly
//   few: integer = 5 - authors with at most so many models
//   limit: integer = 25 - how many rows
// returns:
//   base: string - the model
//   built_on: integer - models made directly from it
//   owner: string - its author
//   owner_models: integer - how many models the author has
MATCH (base:Model)-[:PUBLISHED_BY]->(owner:Author)
WHERE base.builtOn >= $at_least AND owner.degree <= $few
RETURN base.id AS base, base.builtOn AS built_on, owner.name AS owner, owner.degree AS owner_models
ORDER BY built_on DESC, base
LIMIT $limit
