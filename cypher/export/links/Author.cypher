// The models that link to each Author node, grouped by it.
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:PUBLISHED_BY]->(n:Author)
WHERE m.deletedAt IS NULL
RETURN n.name AS key, collect(m.id) AS models
