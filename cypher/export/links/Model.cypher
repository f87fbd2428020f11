// The models that were made from each model, grouped by it.
// returns:
//   key: string - the base
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:BASED_ON]->(n:Model)
WHERE m.deletedAt IS NULL
RETURN n.id AS key, collect(m.id) AS models
