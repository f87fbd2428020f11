// Which of the models that pass a narrow filter lie nearest to a vector of the network, all of them compared?
// params:
//   embedding: string = "gatEmbeddingA" - the property that holds the vectors
//   counts: string = "gatCountsA" - the property that holds the raw numbers
//   k: integer = 200 - how many
//   vector: list - 64 floats
//   task: string = null - only of this task
//   library: string = null - only of this library
//   license: string = null - only with this licence
//   licenses: list = null - only with one of these licences
//   max_parameters: integer = null - only up to this size
//   originals_only: boolean = false - only models made from no other
//   has_gguf: boolean = false - only models of which a GGUF form is known
//   text: list = null - a text vector to compare with, 256 floats
// returns:
//   card: map - what a list shows of the model
//   embedding: list - its vector
//   counts: list - the raw numbers of the run's terms
//   text: float - the cosine of its text vector with `text`, -1 to 1; absent without one
MATCH (m:Model)
WHERE m.deletedAt IS NULL AND m[$embedding] IS NOT NULL
  AND ($task IS NULL OR m.task = $task) AND ($library IS NULL OR m.library = $library)
  AND ($license IS NULL OR m.license = $license) AND ($licenses IS NULL OR m.license IN $licenses)
  AND ($max_parameters IS NULL OR m.parameters <= $max_parameters) AND (NOT $originals_only OR m.relation IS NULL)
  AND (NOT $has_gguf OR m.gguf = true)
WITH m ORDER BY vector.similarity.cosine(m[$embedding], $vector) DESC LIMIT $k
WITH m, vector.similarity.cosine([1.0], [-1.0]) AS low
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, m[$embedding] AS embedding, m[$counts] AS counts,
  2 * (vector.similarity.cosine(m.textEmbedding, $text) - low) / (1 - low) - 1 AS text
