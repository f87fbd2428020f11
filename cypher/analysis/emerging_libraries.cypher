// For which libraries did the largest share of their models come since a date?
// params:
//   since: datetime = "2024-07-01T00:00:00+00:00" - the date
//   at_least: integer = 10 - only with so many models
//   limit: integer = 25 - how many rows
// returns:
//   library: string - the library
//   since: integer - models that came since
//   models: integer - all its models
//   share: float - of them since, 0 to 1
MATCH (m:Model)-[:USES_LIBRARY]->(of:Library)
WHERE m.createdAt >= $since AND m.deletedAt IS NULL
WITH of.name AS library, of.degree AS models, count(*) AS since
WHERE models >= $at_least
RETURN library, since, models, 1.0 * since / models AS share
ORDER BY share DESC, library
LIMIT $limit
