// Which bases of an author are a model's parents, children or siblings?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   base: string - a base of the author
//   made_from_base: boolean - whether the model was made from it
//   base_made_from_it: boolean - whether it was made from the model
//   common: list - what both were made from
MATCH (b:Model {id: $b})
WITH b, [(b)-[:BASED_ON]->(parent:Model) | parent.id] AS parents
MATCH (:Author {name: $a})<-[:PUBLISHED_BY]-(:Model)-[:BASED_ON]->(base:Model)
WITH DISTINCT b, parents, base
WITH b, parents, base, [(base)-[:BASED_ON]->(parent:Model) | parent.id] AS theirs
WITH base.id AS base, base.id IN parents AS made_from_base, b.id IN theirs AS base_made_from_it,
  [id IN theirs WHERE id IN parents] AS common
WHERE made_from_base OR base_made_from_it OR size(common) > 0
RETURN base, made_from_base, base_made_from_it, common
ORDER BY base
LIMIT 25
