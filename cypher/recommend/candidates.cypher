// Which models lie nearest to a vector of the network (approximately, to be scored exactly)?
// params:
//   index: string = "model_gatEmbeddingA" - the vector index
//   embedding: string = "gatEmbeddingA" - the property that holds the vectors
//   counts: string = "gatCountsA" - the property that holds the raw numbers
//   k: integer = 200 - how many
//   vector: list - 64 floats
//   text: list = null - a text vector to compare with, 256 floats
// returns:
//   card: map - what a list shows of the model
//   embedding: list - its vector
//   counts: list - the raw numbers of the run's terms
//   text: float - the cosine of its text vector with `text`, -1 to 1; absent without one
CALL db.index.vector.queryNodes($index, $k, $vector) YIELD node
WITH node, vector.similarity.cosine([1.0], [-1.0]) AS low WHERE node.deletedAt IS NULL
RETURN node{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, node[$embedding] AS embedding, node[$counts] AS counts,
  2 * (vector.similarity.cosine(node.textEmbedding, $text) - low) / (1 - low) - 1 AS text
