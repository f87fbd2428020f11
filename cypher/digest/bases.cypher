// Every model and what it was made from.
// returns:
//   key: string - the model
//   bases: list - pairs of a base's id and the relation to it
MATCH (m:Model)-[r:BASED_ON]->(base:Model)
RETURN m.id AS key, collect([base.id, r.relation]) AS bases
