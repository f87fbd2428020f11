// What some models send in a slot.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
//   property: string = "gatProjectedA" - the vector property of the slot
// returns:
//   key: string - the model
//   vector: list - its vector
UNWIND $ids AS id
MATCH (m:Model {id: id})
WHERE m[$property] IS NOT NULL
RETURN m.id AS key, m[$property] AS vector
