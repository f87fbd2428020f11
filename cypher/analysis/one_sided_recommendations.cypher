// Which recommended models are far less downloaded than the model they are recommended for?
// params:
//   method: string = "gat" - gat or gcn
//   factor: float = 100.0 - how many times less
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model asked about
//   recommended: string - the recommended model
//   score: float - its score
//   downloads: integer - of the model asked about
//   recommended_downloads: integer - of the recommended one
MATCH (m:Model)-[link:RECOMMENDS]->(other:Model)
WHERE link.method = $method AND m.downloads > $factor * coalesce(other.downloads, 0)
RETURN m.id AS id, other.id AS recommended, link.score AS score, m.downloads AS downloads,
  other.downloads AS recommended_downloads
ORDER BY score DESC, id, recommended
LIMIT $limit
