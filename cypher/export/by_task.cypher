// Up to a number of models of every task, those with the most models built on them first: a task-balanced sample.
// params:
//   per_task: integer = 100 - how many models a task
// returns:
//   task: string - the task
//   ids: list - ids of its models
MATCH (t:Task)
CALL (t) {
  MATCH (t)<-[:FOR_TASK]-(m:Model)
  WHERE m.deletedAt IS NULL
  RETURN m.id AS id
  ORDER BY coalesce(m.builtOn, 0) DESC, id
  LIMIT $per_task
}
RETURN t.name AS task, collect(id) AS ids
ORDER BY task
