// Which models were built on a model, those within a time marked, the newest first?
// params:
//   b: string = "google-bert/bert-base-uncased" - the model
//   since: string = "2024-01-01T00:00:00+00:00" - from when on a model counts as recent
//   until: string = "2030-01-01T00:00:00+00:00" - before when
// returns:
//   built: integer - how many models were built on it, this row's and all others
//   id: string - one of the newest hundred; absent where there is none
//   relation: string - how it was made
//   createdAt: datetime - when
//   recent: boolean - whether it was made within the time
MATCH (b:Model {id: $b})
OPTIONAL MATCH (b)<-[made:BASED_ON]-(child:Model)
WITH b, made, child ORDER BY child.createdAt DESC, child.id LIMIT 100
RETURN coalesce(b.builtOn, 0) AS built, child.id AS id, made.relation AS relation, child.createdAt AS createdAt,
  child.createdAt >= datetime($since) AND child.createdAt < datetime($until) AS recent
