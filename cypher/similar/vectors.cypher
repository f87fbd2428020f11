// Every model's vector for comparing texts, with its downloads.
// params:
//   property: string = "sentenceEmbedding" - which vector
// returns:
//   id: string - the model
//   downloads: integer - how often it was fetched
//   vector: list - null where it has none
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, coalesce(m.downloads, 0) AS downloads, m[$property] AS vector
