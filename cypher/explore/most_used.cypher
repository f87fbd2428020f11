// Which models for a task are used most?
// params:
//   task: string = "fill-mask" - the task
//   at_least: integer = 1000 - only models that were downloaded so often in the last month
//   k: integer = 20 - how many
// returns:
//   card: map - what a list shows of the model
MATCH (m:Model)
WHERE m.downloads >= $at_least AND m.task = $task AND m.deletedAt IS NULL
WITH m ORDER BY m.downloads DESC, m.id LIMIT $k
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card
