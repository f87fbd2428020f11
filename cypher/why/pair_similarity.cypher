// How similar are two models: the stored score, and the cosine of their vectors.
// params:
//   a: string = "google-bert/bert-base-uncased" - one model
//   b: string = "FacebookAI/roberta-base" - the other model
//   method: string = "cosine" - cosine or jaccard
// returns:
//   score: float - the stored score; absent where none is stored
//   cosine: float - the cosine of their sentence vectors, else of their text vectors, -1 to 1
MATCH (a:Model {id: $a})
MATCH (b:Model {id: $b})
OPTIONAL MATCH (a)-[link:SIMILAR_TO {method: $method}]->(other:Model) WHERE other.id = $b
WITH a, b, link, vector.similarity.cosine([1.0], [-1.0]) AS low
WITH link, low, coalesce(vector.similarity.cosine(a.sentenceEmbedding, b.sentenceEmbedding),
  vector.similarity.cosine(a.textEmbedding, b.textEmbedding)) AS near
RETURN link.score AS score, 2 * (near - low) / (1 - low) - 1 AS cosine
LIMIT 1
