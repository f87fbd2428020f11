// What tells how much every model is used, which vectors it has, and whether it has changed since it was linked.
// returns:
//   id: string - the model
//   downloads: integer - how often it was fetched
//   textHash: string - of the text behind its text vector
//   sentenceHash: string - of the text behind its sentence vector
//   contentHash: string - of its content and, behind a dot, of its counts
//   record: string - what its links to similar models were made from
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, coalesce(m.downloads, 0) AS downloads, m.textHash AS textHash, m.sentenceHash AS sentenceHash,
  m.contentHash AS contentHash, m.similarHash AS record
