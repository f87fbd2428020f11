// With which libraries do the models of a task run?
// params:
//   task: string = "automatic-speech-recognition" - the task
//   limit: integer = 25 - how many rows
// returns:
//   library: string - the library; absent where none is known
//   models: integer - how many models
//   downloads: integer - of these together
MATCH (m:Model) WHERE m.task = $task AND m.deletedAt IS NULL
RETURN m.library AS library, count(*) AS models, sum(coalesce(m.downloads, 0)) AS downloads
ORDER BY models DESC, library
LIMIT $limit
