// Which models pass all filters? Read are only those of one start: give one list, and the narrowest.
// params:
//   tasks: list = [] - start from the models of these tasks
//   libraries: list = [] - of these libraries
//   licenses: list = [] - with these licences
//   languages: list = [] - in these languages
//   authors: list = [] - by these authors
//   names: list = ["bert-base-uncased"] - of these names without their form, as in nameKey
//   bases: list = [] - made from these models
//   datasets: list = [] - trained on these datasets
//   ids: list = [] - with these ids
//   task: string = null - only of this task
//   library: string = null - only of this library
//   license: string = null - only with this licence
//   language: string = null - only in this language
//   author: string = null - only by this author
//   name: string = null - only of this name without its form, as in nameKey
//   base: string = null - only made from this model
//   dataset: string = null - only trained on this dataset
//   kind: string = null - only original, finetune, adapter, merge, quantized or unknown
//   card: boolean = null - only with, or without, what a model card tells: a description, a licence or a language
//   least: float = null - only with at least so many parameters
//   below: float = null - only with fewer parameters
//   since: datetime = null - only made since then
//   until: datetime = null - only made before
//   vector: list = null - the nearest in meaning to this text vector first
//   sort: string = "downloads" - else in this order: downloads, likes, newest or trending
//   limit: integer = 200 - how many
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
CALL {
  UNWIND $tasks AS value MATCH (m:Model) WHERE m.task = value RETURN m
  UNION ALL
  UNWIND $libraries AS value MATCH (m:Model) WHERE m.library = value RETURN m
  UNION ALL
  UNWIND $licenses AS value MATCH (m:Model) WHERE m.license = value RETURN m
  UNION ALL
  UNWIND $languages AS value MATCH (:Language {name: value})<-[:IN_LANGUAGE]-(m:Model) RETURN m
  UNION ALL
  UNWIND $authors AS value MATCH (m:Model) WHERE m.author = value RETURN m
  UNION ALL
  UNWIND $names AS value MATCH (m:Model) WHERE m.nameKey = value RETURN m
  UNION ALL
  UNWIND $bases AS value MATCH (:Model {id: value})<-[:BASED_ON]-(m:Model) RETURN m
  UNION ALL
  UNWIND $datasets AS value MATCH (:Dataset {id: value})<-[:TRAINED_ON]-(m:Model) RETURN m
  UNION ALL
  UNWIND $ids AS value MATCH (m:Model) WHERE m.id = value RETURN m
}
WITH m WHERE m.deletedAt IS NULL
  AND ($task IS NULL OR m.task = $task) AND ($library IS NULL OR m.library = $library)
  AND ($license IS NULL OR m.license = $license) AND ($author IS NULL OR m.author = $author)
  AND ($name IS NULL OR m.nameKey = $name) AND ($kind IS NULL OR coalesce(m.relation, 'original') = $kind)
  AND ($least IS NULL OR m.parameters >= $least) AND ($below IS NULL OR m.parameters < $below)
  AND ($since IS NULL OR m.createdAt >= $since) AND ($until IS NULL OR m.createdAt < $until)
  AND ($language IS NULL OR $language IN [(m)-[:IN_LANGUAGE]->(l:Language) | l.name])
  AND ($base IS NULL OR $base IN [(m)-[:BASED_ON]->(b:Model) | b.id])
  AND ($dataset IS NULL OR $dataset IN [(m)-[:TRAINED_ON]->(d:Dataset) | d.id])
  AND ($card IS NULL OR $card = (m.description IS NOT NULL OR m.license IS NOT NULL
    OR size([(m)-[:IN_LANGUAGE]->(l:Language) | l.name]) > 0))
  AND ($vector IS NULL OR m.textEmbedding IS NOT NULL)
WITH m, CASE WHEN $vector IS NOT NULL THEN vector.similarity.cosine(m.textEmbedding, $vector)
  WHEN $sort = 'likes' THEN m.likes WHEN $sort = 'newest' THEN m.createdAt WHEN $sort = 'trending' THEN coalesce(m.trendingScore, 0)
  ELSE m.downloads END AS place
WITH m, place, CASE $sort WHEN 'trending' THEN coalesce(m.likes, 0) ELSE 0 END AS next
ORDER BY place IS NOT NULL DESC, place DESC, next DESC, m.id LIMIT $limit
RETURN m.id AS id, m.author AS author, m.task AS task, m.library AS library, m.license AS license,
  m.relation AS relation, m.nameKey AS nameKey, m.downloads AS downloads, m.likes AS likes,
  m.trendingScore AS trendingScore, toString(m.createdAt) AS created, m.parameters AS parameters,
  m.description IS NOT NULL AS described, [(m)-[:IN_LANGUAGE]->(l:Language) | l.name] AS languages,
  CASE WHEN $base IS NULL THEN [] ELSE [(m)-[:BASED_ON]->(b:Model) | b.id] END AS bases,
  CASE WHEN $dataset IS NULL THEN [] ELSE [(m)-[:TRAINED_ON]->(d:Dataset) | d.id] END AS datasets
