// Are two models built on the same model?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   fact: string = "google-bert/bert-base-uncased" - the base
// returns:
//   a: node - one model
//   of_a: relationship - its link
//   fact: node - the base of both
//   b: node - the other model
//   of_b: relationship - its link
MATCH (a:Model {id: $a})-[of_a:BASED_ON]->(fact:Model) WHERE fact.id = $fact
MATCH (b:Model {id: $b})-[of_b:BASED_ON]->(same:Model) WHERE same.id = $fact
RETURN a, of_a, fact, b, of_b
