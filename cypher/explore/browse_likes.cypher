// Which models are the most liked? Those without a number are left out.
// params:
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
//   at_least: integer = 0 - only models with so many: what makes it quick
//   limit: integer = 20 - how many
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
MATCH (m:Model)
WHERE m.likes >= $at_least AND m.deletedAt IS NULL
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
WITH m ORDER BY m.likes DESC, m.id LIMIT $limit
RETURN m.id AS id, m.author AS author, m.task AS task, m.library AS library, m.license AS license,
  m.relation AS relation, m.nameKey AS nameKey, m.downloads AS downloads, m.likes AS likes,
  m.trendingScore AS trendingScore, toString(m.createdAt) AS created, m.parameters AS parameters,
  m.description IS NOT NULL AS described, [(m)-[:IN_LANGUAGE]->(l:Language) | l.name] AS languages,
  CASE WHEN $base IS NULL THEN [] ELSE [(m)-[:BASED_ON]->(b:Model) | b.id] END AS bases,
  CASE WHEN $dataset IS NULL THEN [] ELSE [(m)-[:TRAINED_ON]->(d:Dataset) | d.id] END AS datasets
