// What was a model made from, back to its roots?
// params:
//   id: string = "NousResearch/Hermes-2-Theta-Llama-3-8B" - the model
// returns:
//   child: string - a model
//   base: string - what it was made from
//   relation: string - how
//   generation: integer - steps back
MATCH path = (m:Model {id: $id})-[:BASED_ON*1..8]->(base:Model)
WITH base, length(path) AS generation, nodes(path)[length(path) - 1] AS child, last(relationships(path)) AS made
RETURN DISTINCT child.id AS child, base.id AS base, made.relation AS relation, generation
ORDER BY generation, child, base
