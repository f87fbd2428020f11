// Which datasets are used together with a dataset?
// params:
//   dataset: string = "rajpurkar/squad" - the dataset
//   limit: integer = 25 - how many rows
// returns:
//   other: string - another dataset
//   models: integer - models trained on both
MATCH (d:Dataset {id: $dataset})<-[:TRAINED_ON]-(m:Model)-[:TRAINED_ON]->(other:Dataset)
WHERE other.id <> $dataset AND m.deletedAt IS NULL
RETURN other.id AS other, count(*) AS models
ORDER BY models DESC, other
LIMIT $limit
