// What do the most downloaded models of a task, library, licence, language or dataset have besides it?
// params:
//   task: string = null - only models for this task
//   library: string = null - only of this library
//   license: string = null - only with this licence
//   language: string = null - only in this language
//   dataset: string = null - only trained on this dataset
//   at_least: integer = 1000 - only models with so many downloads: what makes it quick
//   limit: integer = 200 - of so many models
// returns:
//   field: string - task, library, license, language or dataset
//   value: string - its name
//   models: integer - how many of these models have it
MATCH (m:Model)
WHERE coalesce(m.downloads, 0) >= $at_least AND m.deletedAt IS NULL
  AND ($task IS NULL OR m.task = $task) AND ($library IS NULL OR m.library = $library)
  AND ($license IS NULL OR m.license = $license)
  AND ($language IS NULL OR $language IN [(m)-[:IN_LANGUAGE]->(l:Language) | l.name])
  AND ($dataset IS NULL OR $dataset IN [(m)-[:TRAINED_ON]->(d:Dataset) | d.id])
WITH m ORDER BY coalesce(m.downloads, 0) DESC, m.id LIMIT $limit
WITH [['task', m.task], ['library', m.library], ['license', m.license]]
  + [(m)-[:IN_LANGUAGE]->(l:Language) | ['language', l.name]]
  + [(m)-[:TRAINED_ON]->(d:Dataset) | ['dataset', d.id]] AS facts
UNWIND facts AS fact
WITH fact[0] AS field, fact[1] AS value WHERE value IS NOT NULL
RETURN field, value, count(*) AS models
ORDER BY field, models DESC, value
