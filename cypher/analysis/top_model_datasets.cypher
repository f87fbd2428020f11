// Which datasets feed the most downloaded models, by themselves or through what they were made from?
// params:
//   at_least: integer = 100000 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   dataset: string - the dataset
//   models: integer - so many of the models learned from it
//   directly: integer - so many of them name it themselves
//   downloads: integer - of the models together
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.deletedAt IS NULL
UNWIND [path = (m)-[:BASED_ON*0..3]->(:Model)-[:TRAINED_ON]->(d:Dataset) | [d.id, length(path)]] AS found
WITH m, found[0] AS dataset, min(found[1]) AS steps
RETURN dataset, count(*) AS models, sum(CASE WHEN steps = 1 THEN 1 ELSE 0 END) AS directly, sum(m.downloads) AS downloads
ORDER BY models DESC, downloads DESC, dataset
LIMIT $limit
