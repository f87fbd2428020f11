// One vector of some Task nodes.
// params:
//   keys: list = ["fill-mask"] - the nodes
//   property: string = "textEmbedding" - which vector
// returns:
//   key: string - a node that has one
//   vector: list - its vector
UNWIND $keys AS key
MATCH (n:Task {name: key})
WHERE n[$property] IS NOT NULL
RETURN n.name AS key, n[$property] AS vector
