// Which models join communities: what is built on them serves the most different tasks?
// params:
//   at_least: integer = 20 - only models from which so many were made directly
//   limit: integer = 25 - how many rows
// returns:
//   base: string - the model
//   own_task: string - its own task
//   tasks: integer - how many other tasks the models built on it are for
//   models: integer - how many of them are for another task
//   built_on: integer - models made directly from it
MATCH (base:Model) WHERE base.builtOn >= $at_least
WITH base WHERE base.otherTasks > 0
RETURN base.id AS base, base.task AS own_task, base.otherTasks AS tasks, base.otherTaskChildren AS models,
  base.builtOn AS built_on
ORDER BY tasks DESC, models DESC, base
LIMIT $limit
