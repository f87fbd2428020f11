// Which datasets were most models trained on?
// params:
//   k: integer = 1000 - how many
// returns:
//   id: string - the dataset
//   models: integer - how many models were trained on it
MATCH (d:Dataset) WHERE d.degree > 0 AND d.deletedAt IS NULL
RETURN d.id AS id, d.degree AS models
ORDER BY models DESC, id
LIMIT $k
