// Who builds on the models of an author?
// params:
//   author: string = "mistralai" - the author
//   limit: integer = 60 - how many paths
// returns:
//   path: path - from the author through a model and one built on it to who built it
MATCH path = (owner:Author {name: $author})<-[:PUBLISHED_BY]-(base:Model)<-[:BASED_ON]-(child:Model)-[:PUBLISHED_BY]->(builder:Author)
WHERE child.deletedAt IS NULL AND child.author <> $author
RETURN path
ORDER BY coalesce(child.downloads, 0) DESC, child.id
LIMIT $limit
