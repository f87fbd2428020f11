// One vector of some Paper nodes.
// params:
//   keys: list = ["1810.04805"] - the nodes
//   property: string = "textEmbedding" - which vector
// returns:
//   key: string - a node that has one
//   vector: list - its vector
UNWIND $keys AS key
MATCH (n:Paper {arxivId: key})
WHERE n[$property] IS NOT NULL
RETURN n.arxivId AS key, n[$property] AS vector
