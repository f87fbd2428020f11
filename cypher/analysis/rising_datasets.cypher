// On which datasets were most models trained since a date?
// params:
//   since: datetime = "2024-07-01T00:00:00+00:00" - the date
//   limit: integer = 25 - how many rows
// returns:
//   dataset: string - the dataset
//   models: integer - models trained on it since
//   all_models: integer - models trained on it ever
MATCH (m:Model)-[:TRAINED_ON]->(d:Dataset)
WHERE m.createdAt >= $since AND m.deletedAt IS NULL
RETURN d.id AS dataset, count(*) AS models, d.degree AS all_models
ORDER BY models DESC, dataset
LIMIT $limit
