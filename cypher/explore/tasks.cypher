// Which tasks are most models for?
// params:
//   k: integer = 20 - how many
// returns:
//   name: string - the task
//   models: integer - how many models are for it
MATCH (t:Task)
WHERE t.degree > 0
RETURN t.name AS name, t.degree AS models
ORDER BY models DESC, name
LIMIT $k
