// Which authors are stored as building on the models of which others?
// returns:
//   builder: string - who builds
//   owner: string - on whose models
//   models: integer - how many models
//   bases: integer - on how many different ones
MATCH (builder:Author)-[link:BUILDS_ON_MODELS_OF]->(owner:Author)
RETURN builder.name AS builder, owner.name AS owner, link.models AS models, link.bases AS bases
