// Are two models made for this task?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   fact: string = "sentence-similarity" - the task
// returns:
//   a: node - one model
//   of_a: relationship - its link
//   fact: node - what both share
//   b: node - the other model
//   of_b: relationship - its link
MATCH (a:Model {id: $a})-[of_a:FOR_TASK]->(fact:Task) WHERE fact.name = $fact
MATCH (b:Model {id: $b})-[of_b:FOR_TASK]->(same:Task) WHERE same.name = $fact
RETURN a, of_a, fact, b, of_b
