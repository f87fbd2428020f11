// By which ways did a dataset get into models that were made from others?
// params:
//   dataset: string = "microsoft/ms_marco" - the dataset
//   limit: integer = 60 - how many paths
// returns:
//   path: path - from the dataset through a model trained on it to one made from that
MATCH path = (d:Dataset {id: $dataset})<-[:TRAINED_ON]-(named:Model)<-[:BASED_ON*1..3]-(m:Model)
WHERE m.deletedAt IS NULL
RETURN path
ORDER BY coalesce(m.downloads, 0) DESC, m.id
LIMIT $limit
