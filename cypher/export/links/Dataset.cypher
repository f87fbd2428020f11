// The models that link to each Dataset node, grouped by it.
// params:
//   ids: list = null - only links of these models; null is all of them
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:TRAINED_ON]->(n:Dataset)
WHERE m.deletedAt IS NULL AND ($ids IS NULL OR m.id IN $ids)
RETURN n.id AS key, collect(m.id) AS models
