// Which models were built on a model within a time?
// params:
//   b: string = "google-bert/bert-base-uncased" - the model
//   since: string = "2022-01-01T00:00:00+00:00" - from when on
//   until: string = "2030-01-01T00:00:00+00:00" - before when
// returns:
//   id: string - a model built on it
//   relation: string - how it was made
//   createdAt: datetime - when
MATCH (b:Model {id: $b})<-[made:BASED_ON]-(child:Model)
WHERE child.createdAt >= datetime($since) AND child.createdAt < datetime($until)
RETURN child.id AS id, made.relation AS relation, child.createdAt AS createdAt
ORDER BY createdAt DESC, id
LIMIT 100
