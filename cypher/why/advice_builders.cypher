// Who built on a model and also on bases of an author, among those who built on it last?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   author: string - one of at most 25, those with the most common bases first
//   common: list - bases of both
MATCH (:Author {name: $a})<-[:PUBLISHED_BY]-(:Model)-[:BASED_ON]->(base:Model)
WITH collect(DISTINCT base.id) AS bases
MATCH (b:Model)<-[:BASED_ON]-(child:Model)
WHERE b.id = $b AND child.author <> $a
WITH bases, child ORDER BY child.createdAt DESC, child.id LIMIT 200
WITH bases, collect(DISTINCT child.author) AS names
UNWIND names AS name
MATCH (other:Author) WHERE other.name = name
MATCH (other)<-[:PUBLISHED_BY]-(:Model)-[:BASED_ON]->(shared:Model)
WHERE shared.id IN bases AND shared.id <> $b
WITH name AS author, collect(DISTINCT shared.id) AS common
RETURN author, common
ORDER BY size(common) DESC, author
LIMIT 25
