// Which models were made from a model together with a base of an author?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   id: string - a model made from both
//   base: string - the author's base
//   createdAt: datetime - when it was made
MATCH (:Author {name: $a})<-[:PUBLISHED_BY]-(:Model)-[:BASED_ON]->(base:Model)
WITH collect(DISTINCT base.id) AS bases
MATCH (b:Model)<-[:BASED_ON]-(made:Model)
WHERE b.id = $b
MATCH (made)-[:BASED_ON]->(other:Model)
WHERE other.id IN bases AND other.id <> $b
RETURN made.id AS id, other.id AS base, made.createdAt AS createdAt
ORDER BY createdAt DESC, id, base
LIMIT 25
