// Are two models trained on this dataset?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   fact: string = "snli" - the dataset
// returns:
//   a: node - one model
//   of_a: relationship - its link
//   fact: node - what both share
//   b: node - the other model
//   of_b: relationship - its link
MATCH (a:Model {id: $a})-[of_a:TRAINED_ON]->(fact:Dataset) WHERE fact.id = $fact
MATCH (b:Model {id: $b})-[of_b:TRAINED_ON]->(same:Dataset) WHERE same.id = $fact
RETURN a, of_a, fact, b, of_b
