// Which authors build on the same models as an author?
// params:
//   author: string = "NousResearch" - the author
//   at_most: integer = 500 - bases from which more were made say little and are passed over
//   limit: integer = 25 - how many rows
// returns:
//   other: string - another author
//   bases: integer - on how many of the same models both have built
//   models: integer - how many models the other made from them
MATCH (:Author {name: $author})<-[:PUBLISHED_BY]-(:Model)-[:BASED_ON]->(base:Model)
WHERE base.builtOn <= $at_most
WITH DISTINCT base
MATCH (base)<-[:BASED_ON]-(child:Model)
WHERE child.author <> $author AND child.deletedAt IS NULL
RETURN child.author AS other, count(DISTINCT base.id) AS bases, count(DISTINCT child.id) AS models
ORDER BY bases DESC, models DESC, other
LIMIT $limit
