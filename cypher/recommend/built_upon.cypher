// Which models have the highest sum of the run's terms, whatever they are about?
// params:
//   embedding: string = "gatEmbeddingA" - the property that holds the vectors
//   counts: string = "gatCountsA" - the property that holds the raw numbers
//   weights: list = [0.2, 0.2] - weight of each term
//   at_least: integer = 1 - only models with so many built on them
//   k: integer = 100 - how many
//   text: list = null - a text vector to compare with, 256 floats
// returns:
//   card: map - what a list shows of the model
//   embedding: list - its vector
//   counts: list - the raw numbers of the run's terms
//   text: float - the cosine of its text vector with `text`, -1 to 1; absent without one
MATCH (m:Model)
WHERE m.builtOn >= $at_least AND m.deletedAt IS NULL AND m[$embedding] IS NOT NULL
WITH m, m[$counts] AS counts
WITH m, counts, reduce(total = 0.0, i IN range(0, size($weights) - 1) | total + $weights[i] * log(1 + counts[i])) AS terms
ORDER BY terms DESC LIMIT $k
WITH m, counts, vector.similarity.cosine([1.0], [-1.0]) AS low
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey} AS card, m[$embedding] AS embedding, counts,
  2 * (vector.similarity.cosine(m.textEmbedding, $text) - low) / (1 - low) - 1 AS text
