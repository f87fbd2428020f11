// Which models are nearest to a model by their texts, and to those?
// params:
//   id: string = "openai/whisper-small" - the model
//   method: string = "cosine" - cosine or jaccard
//   first: integer = 5 - how many of each
// returns:
//   path: path - a link of similarity, or two
MATCH path = (m:Model {id: $id})-[links:SIMILAR_TO*1..2]->(b:Model)
WHERE all(link IN links WHERE link.method = $method AND link.rank <= $first)
RETURN path
