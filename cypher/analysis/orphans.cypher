// Which models name a base that the graph does not hold, the most downloaded first?
// params:
//   at_least: integer = 1000 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   relation: string - how it was made
//   missing: string - what it names
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.unresolvedBases IS NOT NULL AND m.deletedAt IS NULL
UNWIND m.unresolvedBases AS entry
WITH m, split(entry, ' ') AS words
RETURN m.id AS id, words[0] AS relation, words[1] AS missing, m.downloads AS downloads
ORDER BY downloads DESC, id, missing
LIMIT $limit
