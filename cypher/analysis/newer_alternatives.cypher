// Which newer models are for the same task as a model and most like it by their texts?
// params:
//   id: string = "mistralai/Mistral-7B-v0.1" - the model
//   among: integer = 300 - so many of the nearest are looked through
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the other model
//   licence: string - its licence
//   parameters: integer - how many parameters it has
//   created: datetime - when it was made
//   downloads: integer - its downloads
//   closeness: float - of the texts, (1 + cosine) / 2
MATCH (m:Model {id: $id})
CALL db.index.vector.queryNodes('model_textEmbedding', $among, m.textEmbedding) YIELD node AS other, score
WITH m, other, score
WHERE other.createdAt > m.createdAt AND other.task = m.task AND other.nameKey <> m.nameKey AND other.deletedAt IS NULL
RETURN other.id AS id, other.license AS licence, other.parameters AS parameters, other.createdAt AS created,
  other.downloads AS downloads, score AS closeness
ORDER BY closeness DESC, id
LIMIT $limit
