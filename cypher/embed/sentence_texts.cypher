// The texts of the most downloaded models.
// params:
//   limit: integer = 20000 - how many
// returns:
//   key: string - the model
//   text: string - what it says of itself
//   sentenceHash: string - behind its sentence vector
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS key, coalesce(m.soup, m.id) AS text, m.sentenceHash AS sentenceHash
ORDER BY coalesce(m.downloads, 0) DESC, m.id
LIMIT $limit
