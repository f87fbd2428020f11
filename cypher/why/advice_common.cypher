// On which models of others has an author built, the newest first?
// params:
//   a: string = "sentence-transformers" - the author
//   since: string = "2024-01-01T00:00:00+00:00" - from when on it counts as lately
//   until: string = "2030-01-01T00:00:00+00:00" - before when
// returns:
//   base: string - one of at most a hundred
//   begun: datetime - when the author first built on it
//   recent: boolean - whether that was lately
MATCH (:Author {name: $a})<-[:PUBLISHED_BY]-(made:Model)-[:BASED_ON]->(base:Model)
WHERE made.deletedAt IS NULL AND coalesce(base.author, '') <> $a
WITH base.id AS base, min(coalesce(made.createdAt, made.lastModified)) AS begun
WHERE begun < datetime($until)
RETURN base, begun, begun >= datetime($since) AS recent
ORDER BY begun DESC, base
LIMIT 100
