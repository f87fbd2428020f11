// Which properties do nodes of a label have, as far as a few of them tell?
// params:
//   label: string = "Model" - the label
//   among: integer = 500 - how many nodes are looked at
// returns:
//   property: string - the name of a property
MATCH (n:$($label)) WITH n LIMIT $among
UNWIND keys(n) AS property
RETURN DISTINCT property ORDER BY property
