// Every node of one label and what a load wrote of it: by this, two graphs are told apart.
// params:
//   label: string = "Task" - the label
//   key: string = "name" - the property that is the label's key
// returns:
//   key: string - the node
//   values: list - its properties, without vectors and without what a build made
MATCH (n:$($label))
RETURN n[$key] AS key, [n.title, n.author, n.task, n.library, n.license, n.relation, n.relationInferred,
  n.relationConfidence, n.nameKey, n.downloads, n.likes, n.trendingScore, n.createdAt, n.lastModified, n.gated,
  n.parameters, n.modelType, n.description, n.soup, n.unresolvedBases, n.contentHash, n.deletedAt, n.builtOn, n.degree,
  n.kind] AS values
