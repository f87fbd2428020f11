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
MATCH (m:Model) WHERE m.createdAt >= $since
WITH m WHERE m.deletedAt IS NULL AND m.library IS NOT NULL
WITH m.library AS library, count(*) AS since, collect(m)[0] AS one
WITH library, since, [(one)-[:USES_LIBRARY]->(of:Library) | of.degree][0] AS models
WHERE models >= $at_least
RETURN library, since, models, 1.0 * since / models AS share
ORDER BY share DESC, library
LIMIT $limit
