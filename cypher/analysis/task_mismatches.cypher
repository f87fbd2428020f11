// Which quantised models are labelled with another task than what they were made from?
// params:
//   at_least: integer = 100 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the quantised model
//   task: string - its task
//   base: string - what it was made from
//   base_task: string - that model's task
//   downloads: integer - of the quantised model
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.relation = 'quantized' AND m.deletedAt IS NULL
UNWIND [(m)-[:BASED_ON]->(base:Model) WHERE base.task <> m.task | [base.id, base.task]] AS found
RETURN m.id AS id, m.task AS task, found[0] AS base, found[1] AS base_task, m.downloads AS downloads
ORDER BY downloads DESC, id, base
LIMIT $limit
