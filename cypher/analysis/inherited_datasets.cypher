// Which datasets went into a model, by itself or through what it was made from?
// params:
//   id: string = "NousResearch/Hermes-2-Theta-Llama-3-8B" - the model
//   limit: integer = 100 - how many rows
// returns:
//   dataset: string - the dataset
//   steps: integer - the fewest steps back to a model trained on it; 0 is the model itself
//   through: string - the first by name of the models so far back that name it
MATCH path = (m:Model {id: $id})-[:BASED_ON*0..8]->(via:Model)-[:TRAINED_ON]->(d:Dataset)
WITH d.id AS dataset, via.id AS through, min(length(path)) - 1 AS steps
ORDER BY dataset, steps, through
WITH dataset, collect({steps: steps, through: through})[0] AS nearest
RETURN dataset, nearest.steps AS steps, nearest.through AS through
ORDER BY steps, dataset
LIMIT $limit
