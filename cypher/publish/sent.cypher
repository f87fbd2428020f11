// What the nodes of one label send in a slot.
// params:
//   label: string = "Task" - the label
//   key: string = "name" - the property that is the label's key
//   property: string = "gatProjectedA" - the vector property of the slot
// returns:
//   key: string - the node
//   vector: list - its vector
MATCH (n:$($label))
WHERE n[$property] IS NOT NULL
RETURN n[$key] AS key, n[$property] AS vector
