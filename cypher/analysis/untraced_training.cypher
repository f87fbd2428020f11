// Which of the most downloaded models name no dataset, nor does anything that they were made from?
// params:
//   at_least: integer = 100000 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   task: string - its task
//   bases: integer - so many models stand behind it, at most three steps back
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.deletedAt IS NULL
WITH m, size([(m)-[:BASED_ON*0..3]->(:Model)-[:TRAINED_ON]->(d:Dataset) | d.id]) AS datasets
WHERE datasets = 0
WITH m ORDER BY m.downloads DESC, m.id LIMIT $limit
UNWIND [null] + [(m)-[:BASED_ON*1..3]->(base:Model) | base.id] AS base
RETURN m.id AS id, m.task AS task, count(DISTINCT base) AS bases, m.downloads AS downloads
ORDER BY downloads DESC, id
