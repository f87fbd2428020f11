// A model that is not among the given ones.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the ones that are expected
// returns:
//   id: string - one that is not
MATCH (m:Model)
WHERE NOT m.id IN $ids
RETURN m.id AS id
LIMIT 1
