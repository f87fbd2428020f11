// Which models have the highest sum of the run's terms for authors, whatever they are about? Publishing has listed them.
// params:
//   method: string = "gat" - gat or gcn
//   embedding: string = "gatEmbeddingA" - the property that holds the vectors
//   counts: string = "gatCountsA" - the property that holds the raw numbers
//   text: list = null - a text vector to compare with, 256 floats
// returns:
//   card: map - what a list shows of the model
//   embedding: list - its vector
//   counts: list - the raw numbers of the run's terms
//   text: float - the cosine of its text vector with `text`, -1 to 1; absent without one
MATCH (current:Current {id: $method})
MATCH (run:Run {id: current.run})
WITH run.authorBuiltUpon AS ids
UNWIND ids AS id
MATCH (m:Model)
WHERE m.id = id AND m.deletedAt IS NULL
WITH m, vector.similarity.cosine([1.0], [-1.0]) AS low
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, m[$embedding] AS embedding, m[$counts] AS counts,
  2 * (vector.similarity.cosine(m.textEmbedding, $text) - low) / (1 - low) - 1 AS text
