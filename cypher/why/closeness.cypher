// How near are the texts of a model (its name, tags and description) to those of some others?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the others
//   b: string = "FacebookAI/roberta-base" - the model
// returns:
//   id: string - one of the others
//   its_text: string - what was compared, of that one
//   text: string - and of the model
//   closeness: float - the cosine of the two text vectors, -1 to 1
MATCH (a:Model) WHERE a.id IN $ids
MATCH (b:Model {id: $b})
WITH a, b, vector.similarity.cosine([1.0], [-1.0]) AS low
RETURN a.id AS id, a.soup AS its_text, b.soup AS text,
  2 * (vector.similarity.cosine(a.textEmbedding, b.textEmbedding) - low) / (1 - low) - 1 AS closeness
