// Which authors build most on the models of which other authors?
// params:
//   at_least: integer = 20 - only bases from which so many were made
//   limit: integer = 25 - how many rows
// returns:
//   builder: string - who builds
//   owner: string - on whose models
//   models: integer - how many models
//   bases: integer - on how many different ones
MATCH (base:Model) WHERE base.builtOn >= $at_least
WITH base.id AS base, base.author AS owner,
  [(base)<-[:BASED_ON]-(child:Model) WHERE child.deletedAt IS NULL | [child.author, child.id]] AS children
UNWIND children AS child
WITH base, owner, child WHERE child[0] <> owner
RETURN child[0] AS builder, owner, count(DISTINCT child[1]) AS models, count(DISTINCT base) AS bases
ORDER BY models DESC, builder, owner
LIMIT $limit
