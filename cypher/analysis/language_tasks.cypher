// For which tasks are there models in a language?
// params:
//   language: string = "de" - the language's code
//   limit: integer = 25 - how many rows
// returns:
//   task: string - the task
//   models: integer - how many models
//   best: string - the most downloaded of them
MATCH (:Language {name: $language})<-[:IN_LANGUAGE]-(m:Model)
WHERE m.deletedAt IS NULL
WITH m ORDER BY coalesce(m.downloads, 0) DESC, m.id
WITH m.task AS task, collect(m.id) AS ids
RETURN task, size(ids) AS models, ids[0] AS best
ORDER BY models DESC, task
LIMIT $limit
