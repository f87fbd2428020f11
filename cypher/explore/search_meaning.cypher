// Which models' texts are nearest in meaning to a text vector?
// params:
//   vector: list - 256 floats
//   k: integer = 200 - how many
// returns:
//   card: map - what a list shows of the model
//   score: float - (1 + cosine) / 2
CALL db.index.vector.queryNodes('model_textEmbedding', $k, $vector) YIELD node, score
WITH node, score WHERE node.deletedAt IS NULL
RETURN node{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey} AS card, score
ORDER BY score DESC
