// Every model's vector for comparing texts, with its downloads and what tells whether it has changed.
// params:
//   property: string = "sentenceEmbedding" - which vector
//   hash: string = "sentenceHash" - the property with the hash of the text behind that vector
// returns:
//   id: string - the model
//   downloads: integer - how often it was fetched
//   vector: list - null where it has none
//   textHash: string - of the text behind the vector
//   contentHash: string - of its content and, behind a dot, of its counts
//   record: string - what its links to similar models were made from
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, coalesce(m.downloads, 0) AS downloads, m[$property] AS vector, m[$hash] AS textHash,
  m.contentHash AS contentHash, m.similarHash AS record
