// Who was the first to build on a model?
// params:
//   id: string = "mistralai/Mistral-7B-v0.1" - the model
//   limit: integer = 25 - how many rows
// returns:
//   builder: string - who built on it
//   first: datetime - when they first did
//   days: integer - days after the model itself came
//   models: integer - how many models they have made from it
MATCH (base:Model {id: $id})<-[:BASED_ON]-(child:Model)
WHERE child.author <> coalesce(base.author, '') AND child.createdAt IS NOT NULL AND child.deletedAt IS NULL
WITH base.createdAt AS made, child.author AS builder, min(child.createdAt) AS first, count(*) AS models
RETURN builder, first, duration.inDays(made, first).days AS days, models
ORDER BY first, builder
LIMIT $limit
