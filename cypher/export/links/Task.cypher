// The models that link to each Task node, grouped by it.
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:FOR_TASK]->(n:Task)
WHERE m.deletedAt IS NULL
RETURN n.name AS key, collect(m.id) AS models
