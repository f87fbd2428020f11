// Which files in another format do not say what they were made from?
// params:
//   at_least: integer = 1000 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   library: string - what it runs with
//   name: string - its name without the endings of formats
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.relation IS NULL AND m.nameKey <> toLower(m.title) AND m.deletedAt IS NULL
RETURN m.id AS id, m.library AS library, m.nameKey AS name, m.downloads AS downloads
ORDER BY downloads DESC, id
LIMIT $limit
