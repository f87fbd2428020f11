// Which models say these words of themselves?
// params:
//   words: string = "sentence similarity german" - words, as the full-text index takes them
//   k: integer = 200 - how many
// returns:
//   card: map - what a list shows of the model
//   score: float - relevance, comparable within one answer
CALL db.index.fulltext.queryNodes('model_text', $words, {limit: $k}) YIELD node, score
WITH node, score WHERE node.deletedAt IS NULL
RETURN node{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey} AS card, score
ORDER BY score DESC
