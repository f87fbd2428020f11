// Which licences stand behind a model, back to its roots?
// params:
//   id: string = "NousResearch/Hermes-2-Theta-Llama-3-8B" - the model
// returns:
//   generation: integer - the fewest steps back; 0 is the model itself
//   id: string - what it was made from
//   licence: string - its licence; absent where it states none
MATCH path = (m:Model {id: $id})-[:BASED_ON*0..8]->(base:Model)
RETURN min(length(path)) AS generation, base.id AS id, base.license AS licence
ORDER BY generation, id
