// What was built on a model, and on that?
// params:
//   id: string = "mistralai/Mistral-7B-v0.1" - the model
//   limit: integer = 40 - how many paths
// returns:
//   path: path - from a descendant to the model
MATCH path = (m:Model {id: $id})<-[:BASED_ON*1..2]-(child:Model)
WHERE child.deletedAt IS NULL
RETURN path
ORDER BY coalesce(child.downloads, 0) DESC, child.id
LIMIT $limit
