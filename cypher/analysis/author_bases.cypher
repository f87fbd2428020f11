// On whose models does an author build?
// params:
//   author: string = "NousResearch" - the author
//   limit: integer = 25 - how many rows
// returns:
//   owner: string - whose models; absent where nobody is named
//   bases: integer - how many different ones
//   models: integer - how many models the author made from them
MATCH (:Author {name: $author})<-[:PUBLISHED_BY]-(m:Model)-[:BASED_ON]->(base:Model)
WHERE coalesce(base.author, '') <> $author AND m.deletedAt IS NULL
RETURN base.author AS owner, count(DISTINCT base.id) AS bases, count(DISTINCT m.id) AS models
ORDER BY models DESC, owner
LIMIT $limit
