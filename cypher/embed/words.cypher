// What does the index of words hold of all models?
// returns:
//   text: string - what it says of itself
//   textHash: string - behind its text vector
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
//   changed: string - when it was changed, in the same way
//   parameters: integer
//   described: boolean - whether it has a description
//   languages: list - codes
//   bases: list - what it was made from
//   datasets: list - what it was trained on
MATCH (m:Model) WHERE m.deletedAt IS NULL
RETURN coalesce(m.soup, m.id) AS text, m.textHash AS textHash, m.id AS id, m.author AS author, m.task AS task, m.library AS library, m.license AS license,
  m.relation AS relation, m.nameKey AS nameKey, m.downloads AS downloads, m.likes AS likes,
  m.trendingScore AS trendingScore, toString(m.createdAt) AS created, toString(m.lastModified) AS changed, m.parameters AS parameters,
  m.description IS NOT NULL AS described, [(m)-[:IN_LANGUAGE]->(l:Language) | l.name] AS languages,
  [(m)-[:BASED_ON]->(b:Model) | b.id] AS bases, [(m)-[:TRAINED_ON]->(d:Dataset) | d.id] AS datasets
