// Which models' texts are nearest in meaning to a text vector? Only their ids: what is shown of them is known.
// params:
//   vector: list - 256 floats
//   k: integer = 200 - how many
// returns:
//   id: string - the model
//   score: float - (1 + cosine) / 2
CALL db.index.vector.queryNodes('model_textEmbedding', $k, $vector) YIELD node, score
RETURN node.id AS id, score
ORDER BY score DESC
