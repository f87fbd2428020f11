// The most downloaded models, for which recommendations are stored.
// params:
//   limit: integer = 1000 - how many
// returns:
//   id: string - the model
MATCH (m:Model)
WHERE m.downloads IS NOT NULL AND m.deletedAt IS NULL
RETURN m.id AS id
ORDER BY m.downloads DESC, id
LIMIT $limit
