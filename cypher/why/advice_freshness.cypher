// How old is a model, and who of all others began to build on it last?
// params:
//   b: string = "google-bert/bert-base-uncased" - the model
//   until: string = "2030-01-01T00:00:00+00:00" - the moment up to which is counted
// returns:
//   createdAt: datetime - when it was made
//   author: string - one of the 25 who began last
//   begun: datetime - when they first built on it
MATCH (b:Model {id: $b})<-[:BASED_ON]-(child:Model)
WHERE child.deletedAt IS NULL AND child.author <> coalesce(b.author, '')
WITH b, child.author AS author, min(coalesce(child.createdAt, child.lastModified)) AS begun
WHERE begun < datetime($until)
RETURN b.createdAt AS createdAt, author, begun
ORDER BY begun DESC, author
LIMIT 25
