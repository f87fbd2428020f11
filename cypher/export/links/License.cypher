// The models that link to each License node, grouped by it.
// params:
//   ids: list = null - only links of these models; null is all of them
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:LICENSED_UNDER]->(n:License)
WHERE m.deletedAt IS NULL AND ($ids IS NULL OR m.id IN $ids)
RETURN n.name AS key, collect(m.id) AS models
