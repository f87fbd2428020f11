// The keys of all nodes of one label.
// params:
//   label: string = "Task" - the label
//   key: string = "name" - the property that is the label's key
// returns:
//   key: string - a node's key
MATCH (n:$($label))
RETURN n[$key] AS key
