// Which models do the given other ids stand for?
// params:
//   ids: list = ["bert-base-uncased"] - ids that are no model's own
// returns:
//   alias: string - one of them
//   id: string - the model it stands for
UNWIND $ids AS id
MATCH (a:Alias {id: id})-[:ALIAS_OF]->(m:Model)
RETURN a.id AS alias, m.id AS id
