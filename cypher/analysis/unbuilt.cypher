// Which much downloaded original models has nobody built on?
// params:
//   at_least: integer = 100000 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   task: string - its task
//   downloads: integer - its downloads
//   likes: integer - its likes
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.builtOn = 0 AND m.relation IS NULL AND m.deletedAt IS NULL
RETURN m.id AS id, m.task AS task, m.downloads AS downloads, m.likes AS likes
ORDER BY downloads DESC, id
LIMIT $limit
