// Which models lie nearest to a vector of the network (approximately, to be scored exactly)?
// params:
//   index: string = "model_gatEmbeddingA" - the vector index
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
CALL db.index.vector.queryNodes($index, $k, $vector) YIELD node
WITH node, vector.similarity.cosine([1.0], [-1.0]) AS low WHERE node.deletedAt IS NULL
  AND ($task IS NULL OR node.task = $task) AND ($library IS NULL OR node.library = $library)
  AND ($license IS NULL OR node.license = $license) AND ($licenses IS NULL OR node.license IN $licenses)
  AND ($max_parameters IS NULL OR node.parameters <= $max_parameters)
  AND (NOT $originals_only OR node.relation IS NULL) AND (NOT $has_gguf OR node.gguf = true)
RETURN node{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, node[$embedding] AS embedding, node[$counts] AS counts,
  2 * (vector.similarity.cosine(node.textEmbedding, $text) - low) / (1 - low) - 1 AS text
