// The nodes of one label that hold a vector in a slot, so that those a new run does not know can be cleared.
// params:
//   label: string = "Model" - the label
//   key: string = "id" - the property that is the label's key
//   property: string = "gatProjectedA" - a vector property of the slot
// returns:
//   key: string - the node
MATCH (n:$($label))
WHERE n[$property] IS NOT NULL
RETURN n[$key] AS key
