// Which much liked models leave out most of what a card says?
// params:
//   at_least: integer = 50 - only models with so many likes
//   missing: integer = 2 - only where so much is missing
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   missing: list - what it lacks of licence, task, library, language and dataset
//   likes: integer - its likes
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.likes >= $at_least
WITH m WHERE m.deletedAt IS NULL
WITH m, CASE WHEN m.license IS NULL THEN ['licence'] ELSE [] END
  + CASE WHEN m.task IS NULL THEN ['task'] ELSE [] END
  + CASE WHEN m.library IS NULL THEN ['library'] ELSE [] END
  + CASE WHEN EXISTS { (m)-[:IN_LANGUAGE]->(:Language) } THEN [] ELSE ['language'] END
  + CASE WHEN EXISTS { (m)-[:TRAINED_ON]->(:Dataset) } THEN [] ELSE ['dataset'] END AS missing
WHERE size(missing) >= $missing
RETURN m.id AS id, missing, m.likes AS likes, m.downloads AS downloads
ORDER BY size(missing) DESC, likes DESC, id
LIMIT $limit
