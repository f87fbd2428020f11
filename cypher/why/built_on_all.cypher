// Which models have been built on a model, the newest first?
// params:
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   id: string - a model built on it
//   relation: string - how it was made
//   createdAt: datetime - when
MATCH (b:Model {id: $b})<-[made:BASED_ON]-(child:Model)
RETURN child.id AS id, made.relation AS relation, child.createdAt AS createdAt
ORDER BY createdAt DESC, id
LIMIT 100
