// Which of the given datasets are in the graph, and with which content?
// params:
//   ids: list = ["rajpurkar/squad"] - the datasets
// returns:
//   id: string - a dataset that is there
//   hash: string - of its content; null where only its name is known
UNWIND $ids AS id
MATCH (d:Dataset {id: id})
RETURN d.id AS id, d.contentHash AS hash
