// Which facts and bases do the given models link to?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   relationship: string - how
//   keys: list - to what, without repeats
UNWIND $ids AS id
MATCH (:Model {id: id})-[r:FOR_TASK|USES_LIBRARY|HAS_TAG|IN_LANGUAGE|LICENSED_UNDER|HAS_ARCHITECTURE|TRAINED_ON|CITES|PUBLISHED_BY|BASED_ON]->(f)
RETURN type(r) AS relationship, collect(DISTINCT coalesce(f.id, f.name, f.arxivId)) AS keys
