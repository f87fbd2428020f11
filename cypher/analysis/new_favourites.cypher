// Which models that came since a date are liked most?
// params:
//   since: datetime = "2024-06-15T00:00:00+00:00" - the date
//   at_least: integer = 20 - only models with so many likes
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   task: string - its task
//   created: datetime - when it came
//   likes: integer - its likes
//   built_on: integer - models already made from it
MATCH (m:Model) WHERE m.likes >= $at_least
WITH m WHERE m.createdAt >= $since AND m.deletedAt IS NULL
RETURN m.id AS id, m.task AS task, m.createdAt AS created, m.likes AS likes, m.builtOn AS built_on
ORDER BY likes DESC, id
LIMIT $limit
