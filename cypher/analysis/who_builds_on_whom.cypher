// Which authors build most on the models of which other authors?
// params:
//   limit: integer = 25 - how many rows
// returns:
//   builder: string - who builds
//   owner: string - on whose models
//   models: integer - how many models
//   bases: integer - on how many different ones
MATCH (child:Model)-[:BASED_ON]->(base:Model)
WHERE child.author IS NOT NULL AND base.author IS NOT NULL AND child.author <> base.author
RETURN child.author AS builder, base.author AS owner, count(*) AS models, count(DISTINCT base.id) AS bases
ORDER BY models DESC, builder, owner
LIMIT $limit
