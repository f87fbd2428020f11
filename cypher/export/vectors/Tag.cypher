// One vector of some Tag nodes.
// params:
//   keys: list = ["bert"] - the nodes
//   property: string = "textEmbedding" - which vector
// returns:
//   key: string - a node that has one
//   vector: list - its vector
UNWIND $keys AS key
MATCH (n:Tag {name: key})
WHERE n[$property] IS NOT NULL
RETURN n.name AS key, n[$property] AS vector
