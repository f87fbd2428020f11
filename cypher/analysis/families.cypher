// Which original models have the largest families, and how were their members made?
// params:
//   limit: integer = 25 - how many rows
// returns:
//   base: string - a model made from no other
//   built_on: integer - models made directly from it
//   relations: list - how these were made
//   downloads: integer - of these together
MATCH (base:Model) WHERE base.builtOn >= 1 AND base.relation IS NULL
WITH base ORDER BY base.builtOn DESC, base.id LIMIT $limit
MATCH (base)<-[made:BASED_ON]-(child:Model)
RETURN base.id AS base, base.builtOn AS built_on, collect(DISTINCT made.relation) AS relations,
  sum(coalesce(child.downloads, 0)) AS downloads
ORDER BY built_on DESC, base
