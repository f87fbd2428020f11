// Which quantised models are labelled with another task than what they were made from?
// params:
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the quantised model
//   task: string - its task
//   base: string - what it was made from
//   base_task: string - that model's task
//   downloads: integer - of the quantised model
MATCH (base:Model)<-[made:BASED_ON]-(m:Model)
WHERE base.builtOn >= 1 AND made.relation = 'quantized' AND m.task <> base.task AND m.deletedAt IS NULL
RETURN m.id AS id, m.task AS task, base.id AS base, base.task AS base_task, m.downloads AS downloads
ORDER BY coalesce(downloads, 0) DESC, id, base
LIMIT $limit
