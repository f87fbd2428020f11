// The bases and derivatives of some models.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   id: string - one of them; some come several times
UNWIND $ids AS id
MATCH (:Model {id: id})-[:BASED_ON]-(o:Model)
WHERE o.deletedAt IS NULL
RETURN o.id AS id
