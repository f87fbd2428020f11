// The models that link to each Paper node, grouped by it.
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:CITES]->(n:Paper)
WHERE m.deletedAt IS NULL
RETURN n.arxivId AS key, collect(m.id) AS models
