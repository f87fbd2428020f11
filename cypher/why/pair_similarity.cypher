// What the similarity of two models is made of: the stored score, their sentence vectors, their tags.
// params:
//   a: string = "google-bert/bert-base-uncased" - one model
//   b: string = "FacebookAI/roberta-base" - the other model
//   method: string = "cosine" - cosine or jaccard
// returns:
//   score: float - the stored score; absent where none is stored
//   cosine: float - the cosine of their sentence vectors, -1 to 1
//   a_tags: list - tags of one
//   b_tags: list - tags of the other
MATCH (a:Model {id: $a})
MATCH (b:Model {id: $b})
OPTIONAL MATCH (a)-[link:SIMILAR_TO {method: $method}]->(other:Model) WHERE other.id = $b
WITH a, b, link, vector.similarity.cosine([1.0], [-1.0]) AS low
RETURN link.score AS score, 2 * (vector.similarity.cosine(a.sentenceEmbedding, b.sentenceEmbedding) - low) / (1 - low) - 1 AS cosine,
  [(a)-[:HAS_TAG]->(t) | t.name] AS a_tags, [(b)-[:HAS_TAG]->(t) | t.name] AS b_tags
LIMIT 1
