// Who builds on the models of an author, and on which, by name of them?
// params:
//   author: string = "mistralai" - the author
//   limit: integer = 25 - how many rows
// returns:
//   builder: string - who builds
//   models: integer - how many models
//   bases: list - on which, by name
MATCH (:Author {name: $author})<-[:PUBLISHED_BY]-(base:Model)<-[:BASED_ON]-(child:Model)
WHERE child.author <> $author AND child.deletedAt IS NULL
WITH child.author AS builder, child.id AS child, base.id AS base ORDER BY base
RETURN builder, count(DISTINCT child) AS models, collect(DISTINCT base) AS bases
ORDER BY models DESC, builder
LIMIT $limit
