// How alike are the newest models of an author and the newest that others made from a model?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   own: string - a model of the author
//   other: string - a model that another made from it
//   closeness: float - the cosine of their text vectors, -1 to 1
MATCH (b:Model {id: $b})<-[:BASED_ON]-(other:Model)
WHERE other.author <> $a AND other.deletedAt IS NULL
WITH other ORDER BY other.createdAt DESC, other.id LIMIT 10
MATCH (a:Author)<-[:PUBLISHED_BY]-(own:Model)
WHERE a.name = $a AND own.deletedAt IS NULL
WITH other, own ORDER BY own.createdAt DESC, own.id, other.id LIMIT 100
WITH own, other, vector.similarity.cosine([1.0], [-1.0]) AS low
RETURN own.id AS own, other.id AS other,
  2 * (vector.similarity.cosine(own.textEmbedding, other.textEmbedding) - low) / (1 - low) - 1 AS closeness
ORDER BY closeness DESC, own, other
LIMIT 25
