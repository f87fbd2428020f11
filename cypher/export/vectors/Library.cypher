// One vector of some Library nodes.
// params:
//   keys: list = ["transformers"] - the nodes
//   property: string = "textEmbedding" - which vector
// returns:
//   key: string - a node that has one
//   vector: list - its vector
UNWIND $keys AS key
MATCH (n:Library {name: key})
WHERE n[$property] IS NOT NULL
RETURN n.name AS key, n[$property] AS vector
