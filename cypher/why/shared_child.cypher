// Was one model made from both of two models?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   fact: string = "sentence-transformers/all-MiniLM-L12-v2" - the model made from both
// returns:
//   a: node - one model
//   of_a: relationship - its link
//   fact: node - the model made from both
//   b: node - the other model
//   of_b: relationship - its link
MATCH (fact:Model {id: $fact})-[of_a:BASED_ON]->(a:Model) WHERE a.id = $a
MATCH (same:Model {id: $fact})-[of_b:BASED_ON]->(b:Model) WHERE b.id = $b
RETURN a, of_a, fact, b, of_b
