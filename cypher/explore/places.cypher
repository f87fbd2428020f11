// Where on the map do some models lie?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   id: string - one that has a place
//   x: float - where it lies from left to right, 0 to 1
//   y: float - the same from top to bottom
//   cluster: integer - in which cluster it is
MATCH (m:Model) WHERE m.id IN $ids AND m.cluster IS NOT NULL
RETURN m.id AS id, m.x AS x, m.y AS y, m.cluster AS cluster
