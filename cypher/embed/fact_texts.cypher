// All facts of one label that a model has, and the hashes of the texts that their vectors were made from.
// params:
//   label: string = "Task" - the label
//   key: string = "name" - the property that is the label's key
// returns:
//   key: string - the fact
//   description: string - more about it
//   textHash: string - behind its text vector
MATCH (f:$($label))
WHERE f.degree > 0
RETURN f[$key] AS key, f.description AS description, f.textHash AS textHash
