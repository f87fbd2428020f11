// The models that link to each Tag node, grouped by it.
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:HAS_TAG]->(n:Tag)
WHERE m.deletedAt IS NULL
RETURN n.name AS key, collect(m.id) AS models
