// What is known of a dataset?
// params:
//   id: string = "rajpurkar/squad" - the dataset
// returns:
//   models: integer - how many models were trained on it
//   author: string - who published it
//   likes: integer
//   downloads: integer - in the last month
//   created: datetime - when it was made
//   description: string
MATCH (d:Dataset {id: $id}) WHERE d.deletedAt IS NULL
RETURN coalesce(d.degree, 0) AS models, d.author AS author, d.likes AS likes, d.downloads AS downloads,
  d.createdAt AS created, d.description AS description
