// Of which facts of one label is known how many models they had by month?
// params:
//   label: string = "Task" - the label
//   key: string = "name" - the property that is the label's key
// returns:
//   key: string - the fact
//   since: integer - the first month, such as 202403
//   models: list - how many models of it were made in that month and in each after it
MATCH (n:$($label))
WHERE n.growth IS NOT NULL
RETURN n[$key] AS key, n.growsSince AS since, n.growth AS models
