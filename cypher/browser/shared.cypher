// What do two models have in common?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
// returns:
//   a: node - one model
//   of_a: relationship - its link
//   fact: node - what both share
//   of_b: relationship - the other's link
//   b: node - the other model
MATCH (a:Model {id: $a})-[of_a]->(fact) WHERE NOT type(of_a) IN ['SIMILAR_TO', 'RECOMMENDS']
MATCH (b:Model {id: $b})-[of_b]->(same) WHERE elementId(same) = elementId(fact) AND type(of_b) = type(of_a)
RETURN a, of_a, fact, of_b, b
