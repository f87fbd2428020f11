// How many authors have built on a model of somebody else, and how many of them lately?
// params:
//   b: string = "google-bert/bert-base-uncased" - the model
//   since: string = "2024-01-01T00:00:00+00:00" - from when on it counts as lately
//   until: string = "2030-01-01T00:00:00+00:00" - before when
// returns:
//   authors: integer - how many built on it before the end
//   recently: integer - how many of them for the first time lately
MATCH (b:Model {id: $b})<-[:BASED_ON]-(child:Model)
WHERE child.deletedAt IS NULL AND child.author <> coalesce(b.author, '')
WITH child.author AS author, min(coalesce(child.createdAt, child.lastModified)) AS begun
WHERE begun < datetime($until)
RETURN count(author) AS authors, sum(CASE WHEN begun >= datetime($since) THEN 1 ELSE 0 END) AS recently
