// Which models were trained on a dataset, the most downloaded first?
// params:
//   dataset: string = "rajpurkar/squad" - the dataset
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   task: string - its task
//   downloads: integer - its downloads
MATCH (d:Dataset {id: $dataset})<-[:TRAINED_ON]-(m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, m.task AS task, m.downloads AS downloads
ORDER BY coalesce(downloads, 0) DESC, id
LIMIT $limit
