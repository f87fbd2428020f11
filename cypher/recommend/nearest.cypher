// Which models lay nearest to some models by network and text together when the run in service was published?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
//   each: integer = 40 - how many of each, at most
//   nearest: string = "gatNearestA" - the property that holds their ids
//   embedding: string = "gatEmbeddingA" - the property that holds the vectors
//   counts: string = "gatCountsA" - the property that holds the raw numbers
//   text: list = null - a text vector to compare with, 256 floats
// returns:
//   card: map - what a list shows of the model
//   embedding: list - its vector
//   counts: list - the raw numbers of the run's terms
//   text: float - the cosine of its text vector with `text`, -1 to 1; absent without one
UNWIND $ids AS asked
MATCH (m:Model {id: asked})
UNWIND m[$nearest][0..$each] AS id
WITH DISTINCT id, vector.similarity.cosine([1.0], [-1.0]) AS low
MATCH (node:Model {id: id}) WHERE node.deletedAt IS NULL
RETURN node{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, node[$embedding] AS embedding, node[$counts] AS counts,
  2 * (vector.similarity.cosine(node.textEmbedding, $text) - low) / (1 - low) - 1 AS text
