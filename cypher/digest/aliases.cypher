// Every old id and the model that it stands for.
// returns:
//   key: string - the old id
//   model: string - the model's id
MATCH (a:Alias)-[:ALIAS_OF]->(m:Model)
RETURN a.id AS key, m.id AS model
