// What the description of the graph is made from, model by model.
// returns:
//   id: string - the model
//   author: string - who published it
//   task: string - its task
//   library: string - its library
//   license: string - its licence
//   model_type: string - its model type
//   relation: string - how it was made from its first base
//   downloads: integer - how often it was fetched in the last month
//   likes: integer - how many like it
//   parameters: integer - how many it has
//   created: integer - the month in which it was created, such as 202403
//   modified: boolean - true where it says when it changed last
//   textHash: string - of the text behind its text vector
//   described: boolean - whether it says something of itself
//   gguf: boolean - whether a GGUF form of it was known; null where not
//   made_at: datetime - when it was created, where it says how it was made from another
//   last_built_on: datetime - when the last model made from it was known to be created
//   other_tasks: integer - for how many tasks other than its own such models were known
//   other_task_children: integer - how many of them
//   child_relations: list - how the models made from it were known to be made, the commonest first
//   child_downloads: integer - how often these were fetched
//   merged_from: integer - of how many models it was known to be a merge
//   cluster: integer - in which cluster it is; null where it has no place yet
//   x: float - where it lies in the picture, 0 to 1
//   y: float - the same from top to bottom
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, m.author AS author, m.task AS task, m.library AS library,
  m.license AS license, m.modelType AS model_type, m.relation AS relation, m.downloads AS downloads, m.likes AS likes,
  m.parameters AS parameters, m.createdAt.year * 100 + m.createdAt.month AS created,
  CASE WHEN m.lastModified IS NOT NULL THEN true END AS modified, m.textHash AS textHash,
  m.description IS NOT NULL AS described, m.gguf AS gguf,
  CASE WHEN m.relation IS NOT NULL THEN m.createdAt END AS made_at, m.lastBuiltOn AS last_built_on,
  m.otherTasks AS other_tasks, m.otherTaskChildren AS other_task_children, m.childRelations AS child_relations,
  m.childDownloads AS child_downloads, m.mergedFrom AS merged_from, m.cluster AS cluster, m.x AS x, m.y AS y
