// One vector of some Dataset nodes.
// params:
//   keys: list = ["rajpurkar/squad"] - the nodes
//   property: string = "textEmbedding" - which vector
// returns:
//   key: string - a node that has one
//   vector: list - its vector
UNWIND $keys AS key
MATCH (n:Dataset {id: key})
WHERE n[$property] IS NOT NULL
RETURN n.id AS key, n[$property] AS vector
