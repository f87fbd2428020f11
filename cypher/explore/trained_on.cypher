// Which datasets were some models trained on?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   dataset: string - the dataset
//   models: integer - how many of them were trained on it
UNWIND $ids AS id
MATCH (m:Model {id: id})-[:TRAINED_ON]->(d:Dataset)
RETURN d.id AS dataset, count(*) AS models
ORDER BY models DESC, dataset
LIMIT 100
