// Who builds on the models of an author, and on which of them?
// params:
//   author: string = "mistralai" - the author
//   limit: integer = 25 - how many rows
// returns:
//   builder: string - who builds
//   models: integer - how many models
//   bases: list - on which
MATCH (:Author {name: $author})<-[:PUBLISHED_BY]-(base:Model)<-[:BASED_ON]-(child:Model)
WHERE child.author <> $author
RETURN child.author AS builder, count(*) AS models, collect(DISTINCT base.id) AS bases
ORDER BY models DESC, builder
LIMIT $limit
