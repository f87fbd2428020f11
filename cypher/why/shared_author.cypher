// Are two models published by this author?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   fact: string = "sentence-transformers" - the author
// returns:
//   a: node - one model
//   of_a: relationship - its link
//   fact: node - what both share
//   b: node - the other model
//   of_b: relationship - its link
MATCH (a:Model {id: $a})-[of_a:PUBLISHED_BY]->(fact:Author) WHERE fact.name = $fact
MATCH (b:Model {id: $b})-[of_b:PUBLISHED_BY]->(same:Author) WHERE same.name = $fact
RETURN a, of_a, fact, b, of_b
