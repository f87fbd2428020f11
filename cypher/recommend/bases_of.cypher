// Which models has an author built on?
// params:
//   author: string = "sentence-transformers" - the author
// returns:
//   id: string - one of them
MATCH (:Author {name: $author})<-[:PUBLISHED_BY]-(:Model)-[:BASED_ON]->(base:Model)
RETURN DISTINCT base.id AS id
