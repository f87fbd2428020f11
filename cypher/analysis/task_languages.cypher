// In which languages are there models for a task?
// params:
//   task: string = "sentence-similarity" - the task
//   limit: integer = 25 - how many rows
// returns:
//   language: string - the language's code
//   models: integer - how many models
//   downloads: integer - of these together
MATCH (m:Model)-[:IN_LANGUAGE]->(l:Language)
WHERE m.task = $task AND m.deletedAt IS NULL
RETURN l.name AS language, count(*) AS models, sum(coalesce(m.downloads, 0)) AS downloads
ORDER BY models DESC, language
LIMIT $limit
