// Which models lay nearest to a model by network and text together when the run in service was published?
// params:
//   id: string = "google-bert/bert-base-uncased" - the model
//   nearest: string = "gatNearestA" - the property that holds their ids
//   embedding: string = "gatEmbeddingA" - the property that holds the vectors
//   counts: string = "gatCountsA" - the property that holds the raw numbers
//   text: list = null - a text vector to compare with, 256 floats
// returns:
//   card: map - what a list shows of the model
//   embedding: list - its vector
//   counts: list - the raw numbers of the run's terms
//   text: float - the cosine of its text vector with `text`, -1 to 1; absent without one
MATCH (m:Model {id: $id})
WITH m[$nearest] AS ids, vector.similarity.cosine([1.0], [-1.0]) AS low
UNWIND ids AS id
MATCH (node:Model) WHERE node.id = id AND node.deletedAt IS NULL
RETURN node{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey} AS card, node[$embedding] AS embedding, node[$counts] AS counts,
  2 * (vector.similarity.cosine(node.textEmbedding, $text) - low) / (1 - low) - 1 AS text
