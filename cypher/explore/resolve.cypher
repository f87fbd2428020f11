// Which model has this id, now or before it was renamed?
// params:
//   id: string = "bert-base-uncased" - an id
// returns:
//   id: string - the model's id now
MATCH (m:Model {id: $id}) WHERE m.deletedAt IS NULL
RETURN m.id AS id
UNION ALL
MATCH (old:Alias {id: $id})-[:ALIAS_OF]->(m:Model) WHERE m.deletedAt IS NULL
RETURN m.id AS id
