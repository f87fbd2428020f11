// Which of the most downloaded models state no licence?
// params:
//   at_least: integer = 10000 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   downloads: integer - its downloads
//   built_on: integer - models made directly from it
//   base_licences: list - licences of what it was made from, by name
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.license IS NULL AND m.deletedAt IS NULL
WITH m ORDER BY m.downloads DESC, m.id LIMIT $limit
UNWIND [null] + [(m)-[:BASED_ON]->(base:Model) | base.license] AS licence
WITH DISTINCT m, licence ORDER BY licence
RETURN m.id AS id, m.downloads AS downloads, m.builtOn AS built_on, collect(licence) AS base_licences
ORDER BY downloads DESC, id
