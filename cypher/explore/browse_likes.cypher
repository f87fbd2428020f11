// Which models are the most liked? Those without a number are left out.
// params:
//   task: string = null - only of this task
//   library: string = null - only of this library
//   license: string = null - only with this licence
//   at_least: integer = 0 - only models with so many: what makes it quick
//   offset: integer = 0 - how many to pass over
//   limit: integer = 20 - how many
// returns:
//   card: map - what a list shows of the model
MATCH (m:Model)
WHERE m.likes >= $at_least AND m.deletedAt IS NULL
  AND ($task IS NULL OR m.task = $task) AND ($library IS NULL OR m.library = $library)
  AND ($license IS NULL OR m.license = $license)
WITH m ORDER BY m.likes DESC, m.id SKIP $offset LIMIT $limit
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey} AS card
