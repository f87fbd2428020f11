// Which facts and bases does each of the given models link to?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   id: string - the model
//   relationship: string - how it links
//   keys: list - to what
UNWIND $ids AS id
MATCH (:Model {id: id})-[r:FOR_TASK|USES_LIBRARY|HAS_TAG|IN_LANGUAGE|LICENSED_UNDER|HAS_ARCHITECTURE|TRAINED_ON|CITES|PUBLISHED_BY|BASED_ON]->(f)
RETURN id, type(r) AS relationship, collect(coalesce(f.id, f.name, f.arxivId)) AS keys
