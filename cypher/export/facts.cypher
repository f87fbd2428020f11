// Every fact of one label with its text vector.
// params:
//   label: string = "Task" - the label
//   key: string = "name" - the property that is the label's key
// returns:
//   key: string - the fact
//   features: list - its text vector
MATCH (n:$($label))
RETURN n[$key] AS key, n.textEmbedding AS features
