// Which authors build most on the models of which other authors?
// params:
//   at_least: integer = 20 - only bases from which so many were made
//   limit: integer = 25 - how many rows
// returns:
//   builder: string - who builds
//   owner: string - on whose models
//   models: integer - how many models
//   bases: integer - on how many different ones
MATCH (base:Model)<-[:BASED_ON]-(child:Model)
WHERE base.builtOn >= $at_least AND child.author <> base.author AND child.deletedAt IS NULL
RETURN child.author AS builder, base.author AS owner, count(DISTINCT child.id) AS models, count(DISTINCT base.id) AS bases
ORDER BY models DESC, builder, owner
LIMIT $limit
