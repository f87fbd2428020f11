// For which tasks did the largest share of their models come since a date?
// params:
//   since: datetime = "2024-07-01T00:00:00+00:00" - the date
//   at_least: integer = 10 - only with so many models
//   limit: integer = 25 - how many rows
// returns:
//   task: string - the task
//   since: integer - models that came since
//   models: integer - all its models
//   share: float - of them since, 0 to 1
MATCH (m:Model) WHERE m.createdAt >= $since
WITH m WHERE m.deletedAt IS NULL AND m.task IS NOT NULL
WITH m.task AS task, count(*) AS since, collect(m)[0] AS one
WITH task, since, [(one)-[:FOR_TASK]->(of:Task) | of.degree][0] AS models
WHERE models >= $at_least
RETURN task, since, models, 1.0 * since / models AS share
ORDER BY share DESC, task
LIMIT $limit
