// How similar are two models by cosine or Jaccard?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   method: string = "cosine" - cosine or jaccard
// returns:
//   a: node - one model
//   link: relationship - the similarity, with its score and rank
//   b: node - the other model
MATCH (a:Model {id: $a})-[link:SIMILAR_TO {method: $method}]->(b:Model) WHERE b.id = $b
RETURN a, link, b
