// What were the given models made from?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   id: string - one of them
//   bases: list - ids of its bases
UNWIND $ids AS id
MATCH (m:Model {id: id})-[:BASED_ON]->(b:Model)
RETURN m.id AS id, collect(b.id) AS bases
