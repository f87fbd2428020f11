// Which original models have the largest families, and how were their members made?
// params:
//   at_least: integer = 10 - only models from which so many were made directly
//   limit: integer = 25 - how many rows
// returns:
//   base: string - a model made from no other
//   built_on: integer - models made directly from it, those that are gone as well
//   relations: list - how these were made from their first base, the commonest first
//   downloads: integer - of these together
MATCH (base:Model) WHERE base.builtOn >= $at_least AND base.relation IS NULL AND base.childDownloads IS NOT NULL
RETURN base.id AS base, base.builtOn AS built_on, coalesce(base.childRelations, []) AS relations, base.childDownloads AS downloads
ORDER BY built_on DESC, base
LIMIT $limit
