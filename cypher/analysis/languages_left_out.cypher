// Which languages that have models have none for a task?
// params:
//   task: string = "automatic-speech-recognition" - the task
//   at_most: integer = 500 - languages with more models are passed over
//   limit: integer = 25 - how many rows
// returns:
//   language: string - the language's code
//   models: integer - its models for other tasks
MATCH (l:Language) WHERE l.degree >= 1 AND l.degree <= $at_most
WITH l WHERE NOT EXISTS { (l)<-[:IN_LANGUAGE]-(m:Model) WHERE m.task = $task }
RETURN l.name AS language, l.degree AS models
ORDER BY models DESC, language
LIMIT $limit
