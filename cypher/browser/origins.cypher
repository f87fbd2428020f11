// What was a model made from, back to its roots, and under which licences?
// params:
//   id: string = "NousResearch/Hermes-2-Theta-Llama-3-8B" - the model
// returns:
//   path: path - from the model to one of those behind it
//   under: relationship - the licence of that one, absent where it states none
//   licence: node - the licence
MATCH path = (m:Model {id: $id})-[:BASED_ON*0..8]->(base:Model)
OPTIONAL MATCH (base)-[under:LICENSED_UNDER]->(licence:License)
RETURN path, under, licence
