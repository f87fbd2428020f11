// By which ways did a dataset get into models that do not name it themselves?
// params:
//   dataset: string = "microsoft/ms_marco" - the dataset
//   limit: integer = 25 - how many rows
// returns:
//   id: string - a model made from one that was trained on it
//   through: list - the way, from the model that names it to the last before this one
//   downloads: integer - its downloads
MATCH path = (d:Dataset {id: $dataset})<-[:TRAINED_ON]-(named:Model)<-[:BASED_ON*1..3]-(m:Model)
WITH m, [each IN nodes(path) WHERE each.id <> $dataset AND each.id <> m.id | each.id] AS through
WHERE m.deletedAt IS NULL AND NOT EXISTS { (m)-[:TRAINED_ON]->(:Dataset {id: $dataset}) }
RETURN m.id AS id, through, m.downloads AS downloads
ORDER BY coalesce(downloads, 0) DESC, id, size(through), through[0], through[1]
LIMIT $limit
