// Which licences did those choose who built on a model?
// params:
//   id: string = "meta-llama/Llama-2-7b-hf" - the model
//   limit: integer = 25 - how many rows
// returns:
//   licence: string - the licence; absent for models that state none
//   models: integer - how many models
//   downloads: integer - of these together
//   best: string - the most downloaded of them
MATCH (:Model {id: $id})<-[:BASED_ON]-(child:Model) WHERE child.deletedAt IS NULL
WITH child ORDER BY coalesce(child.downloads, 0) DESC, child.id
WITH child.license AS licence, sum(coalesce(child.downloads, 0)) AS downloads, collect(child.id) AS ids
RETURN licence, size(ids) AS models, downloads, ids[0] AS best
ORDER BY models DESC, licence
LIMIT $limit
