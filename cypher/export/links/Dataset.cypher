// The models that link to each Dataset node, grouped by it.
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:TRAINED_ON]->(n:Dataset)
WHERE m.deletedAt IS NULL
RETURN n.id AS key, collect(m.id) AS models
