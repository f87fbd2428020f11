// How are the most downloaded models called?
// params:
//   at_least: integer = 1000 - only those with so many downloads
// returns:
//   id: string - the model
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.downloads >= $at_least AND m.deletedAt IS NULL
RETURN m.id AS id, m.downloads AS downloads
