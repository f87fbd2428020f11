// What was built on a model, and on that, down to four generations?
// params:
//   id: string = "google-bert/bert-base-uncased" - the model
//   limit: integer = 300 - how many links
// returns:
//   child: string - a model
//   base: string - what it was made from
//   relation: string - how
//   generation: integer - steps from the model
//   downloads: integer - of the child
MATCH path = (root:Model {id: $id})<-[:BASED_ON*1..4]-(child:Model)
WHERE child.deletedAt IS NULL
WITH child, length(path) AS generation, nodes(path)[length(path) - 1] AS base, last(relationships(path)) AS made
RETURN child.id AS child, base.id AS base, made.relation AS relation, generation, child.downloads AS downloads
ORDER BY generation, coalesce(downloads, 0) DESC, child, base
LIMIT $limit
