// Which authors build most on the models of which other authors?
// params:
//   at_least: integer = 20 - only on authors of a model from which so many were made
//   limit: integer = 25 - how many rows
// returns:
//   builder: string - who builds
//   owner: string - on whose models
//   models: integer - how many models; five or more
//   bases: integer - on how many different ones
MATCH (base:Model) WHERE base.builtOn >= $at_least
WITH base.author AS name, collect(base)[0] AS base
UNWIND [(base)-[:PUBLISHED_BY]->(owner:Author)<-[link:BUILDS_ON_MODELS_OF]-(builder:Author)
  | [builder.name, owner.name, link.models, link.bases]] AS pair
RETURN pair[0] AS builder, pair[1] AS owner, pair[2] AS models, pair[3] AS bases
ORDER BY models DESC, builder, owner
LIMIT $limit
