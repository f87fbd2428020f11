// Which models that pass a narrow filter are nearest in meaning to a text vector, all of them compared?
// params:
//   vector: list - 256 floats
//   k: integer = 200 - how many
//   task: string = null - only of this task
//   library: string = null - only of this library
//   license: string = null - only with this licence
// returns:
//   card: map - what a list shows of the model
//   score: float - (1 + cosine) / 2
MATCH (m:Model)
WHERE m.deletedAt IS NULL AND m.textEmbedding IS NOT NULL
  AND ($task IS NULL OR m.task = $task) AND ($library IS NULL OR m.library = $library)
  AND ($license IS NULL OR m.license = $license)
WITH m, vector.similarity.cosine(m.textEmbedding, $vector) AS score
ORDER BY score DESC LIMIT $k
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey} AS card, score
