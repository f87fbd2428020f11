// Which models' texts are nearest in meaning to a text vector?
// params:
//   vector: list - 256 floats
//   k: integer = 200 - how many
//   base: string = null - tell what they were made from, because one is looked for
//   dataset: string = null - tell what they were trained on, because one is looked for
// returns:
//   id: string - the model; then what is stored with it:
//   author: string
//   task: string
//   library: string
//   license: string
//   relation: string - how it was made from its first base
//   nameKey: string - its name without its form
//   downloads: integer
//   likes: integer
//   trendingScore: float
//   created: string - when it was made, ISO 8601 in UTC
//   parameters: integer
//   described: boolean - whether it has a description
//   languages: list - codes
//   bases: list - what it was made from, where base is given
//   datasets: list - what it was trained on, where dataset is given
//   score: float - (1 + cosine) / 2
CALL db.index.vector.queryNodes('model_textEmbedding', $k, $vector) YIELD node, score
WITH node AS m, score WHERE m.deletedAt IS NULL
RETURN m.id AS id, m.author AS author, m.task AS task, m.library AS library, m.license AS license,
  m.relation AS relation, m.nameKey AS nameKey, m.downloads AS downloads, m.likes AS likes,
  m.trendingScore AS trendingScore, toString(m.createdAt) AS created, m.parameters AS parameters,
  m.description IS NOT NULL AS described, [(m)-[:IN_LANGUAGE]->(l:Language) | l.name] AS languages,
  CASE WHEN $base IS NULL THEN [] ELSE [(m)-[:BASED_ON]->(b:Model) | b.id] END AS bases,
  CASE WHEN $dataset IS NULL THEN [] ELSE [(m)-[:TRAINED_ON]->(d:Dataset) | d.id] END AS datasets, score
ORDER BY score DESC
