// Which of the given models are in the graph, and with which content?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   id: string - a model that is there
//   hash: string - of its content when it was loaded whole
UNWIND $ids AS id
MATCH (m:Model {id: id})
RETURN m.id AS id, m.contentHash AS hash
