// One vector of some Model nodes.
// params:
//   keys: list = ["google-bert/bert-base-uncased"] - the nodes
//   property: string = "textEmbedding" - which vector
// returns:
//   key: string - a node that has one
//   vector: list - its vector
UNWIND $keys AS key
MATCH (n:Model {id: key})
WHERE n[$property] IS NOT NULL
RETURN n.id AS key, n[$property] AS vector
