// Is one model built on a model that is built on the other?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - the youngest model
//   b: string = "google-bert/bert-base-uncased" - the oldest model
//   fact: string = "nreimers/MiniLM-L6-H384-uncased" - the model between them
// returns:
//   a: node - the youngest model
//   of_a: relationship - its link to the model between
//   fact: node - the model between
//   of_b: relationship - that model's link to the oldest
//   b: node - the oldest model
MATCH (a:Model {id: $a})-[of_a:BASED_ON]->(fact:Model) WHERE fact.id = $fact
MATCH (between:Model {id: $fact})-[of_b:BASED_ON]->(b:Model) WHERE b.id = $b
RETURN a, of_a, fact, of_b, b
