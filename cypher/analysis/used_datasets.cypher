// Which datasets were most models trained on?
// params:
//   limit: integer = 25 - how many rows
// returns:
//   dataset: string - the dataset
//   models: integer - models trained on it
//   downloads: integer - of the dataset
MATCH (d:Dataset) WHERE d.degree > 0
RETURN d.id AS dataset, d.degree AS models, d.downloads AS downloads
ORDER BY models DESC, dataset
LIMIT $limit
