// One vector of some Architecture nodes.
// params:
//   keys: list = ["BertForMaskedLM"] - the nodes
//   property: string = "textEmbedding" - which vector
// returns:
//   key: string - a node that has one
//   vector: list - its vector
UNWIND $keys AS key
MATCH (n:Architecture {name: key})
WHERE n[$property] IS NOT NULL
RETURN n.name AS key, n[$property] AS vector
