// Which recommended models are far less downloaded than the model they are recommended for?
// params:
//   method: string = "gat" - gat or gcn
//   factor: float = 100.0 - how many times less
//   at_least: integer = 100000 - only for models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model asked about
//   recommended: string - the recommended model
//   score: float - its score
//   downloads: integer - of the model asked about
//   recommended_downloads: integer - of the recommended one
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.deletedAt IS NULL
UNWIND [(m)-[link:RECOMMENDS]->(other:Model) WHERE link.method = $method
  | [other.id, link.score, other.downloads]] AS found
WITH m, found WHERE m.downloads > $factor * coalesce(found[2], 0)
RETURN m.id AS id, found[0] AS recommended, found[1] AS score, m.downloads AS downloads,
  found[2] AS recommended_downloads
ORDER BY score DESC, id, recommended
LIMIT $limit
