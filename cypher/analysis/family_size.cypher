// How large is the whole family of a model, generation by generation?
// params:
//   id: string = "meta-llama/Meta-Llama-3-8B" - the model
// returns:
//   generation: integer - the fewest steps from the model, at most six
//   models: integer - so many models
//   builders: integer - by so many authors
//   downloads: integer - of the models together
MATCH path = (root:Model {id: $id})<-[:BASED_ON*1..6]-(m:Model)
WHERE m.deletedAt IS NULL
WITH m, min(length(path)) AS generation
RETURN generation, count(*) AS models, count(DISTINCT m.author) AS builders, sum(coalesce(m.downloads, 0)) AS downloads
ORDER BY generation
