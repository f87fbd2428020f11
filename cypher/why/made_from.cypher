// Was one model made from the other?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - the model that was made
//   b: string = "nreimers/MiniLM-L6-H384-uncased" - the model it was made from
// returns:
//   a: node - the model
//   made: relationship - its link, with the relation
//   b: node - its base
MATCH (a:Model {id: $a})-[made:BASED_ON]->(b:Model) WHERE b.id = $b
RETURN a, made, b
