// How many models each fact of one label has.
// params:
//   label: string = "Task" - the label
//   key: string = "name" - the property that is the label's key
// returns:
//   key: string - the fact
//   degree: integer - how many models have it
MATCH (n:$($label))
RETURN n[$key] AS key, coalesce(n.degree, 0) AS degree
