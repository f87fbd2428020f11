// Which models have these ids, now or before they were renamed?
// params:
//   ids: list = ["bert-base-uncased"] - some ids
// returns:
//   asked: string - one of them
//   id: string - the model's id now
UNWIND $ids AS asked
MATCH (m:Model {id: asked}) WHERE m.deletedAt IS NULL
RETURN asked, m.id AS id
UNION ALL
UNWIND $ids AS asked
MATCH (old:Alias {id: asked})-[:ALIAS_OF]->(m:Model) WHERE m.deletedAt IS NULL
RETURN asked, m.id AS id
