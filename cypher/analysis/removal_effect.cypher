// What descends from a model and would lose its origin with it, generation by generation?
// params:
//   id: string = "meta-llama/Meta-Llama-3-8B-Instruct" - the model
// returns:
//   generation: integer - the fewest steps from the model, at most four
//   models: integer - so many descend from it
//   without_other: integer - so many of them have no other base
//   builders: integer - authors of the models
//   downloads: integer - of the models together
MATCH path = (root:Model {id: $id})<-[:BASED_ON*1..4]-(m:Model)
WHERE m.deletedAt IS NULL
WITH m, min(length(path)) AS generation
WITH m, generation, size([(m)-[:BASED_ON]->(base:Model) | base.id]) AS bases
RETURN generation, count(*) AS models, sum(CASE WHEN bases = 1 THEN 1 ELSE 0 END) AS without_other,
  count(DISTINCT m.author) AS builders, sum(coalesce(m.downloads, 0)) AS downloads
ORDER BY generation
