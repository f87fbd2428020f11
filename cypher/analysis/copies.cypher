// Who uploaded a model of the same name without saying what it was made from?
// params:
//   id: string = "meta-llama/Llama-2-7b-hf" - the model
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the other model
//   author: string - its author
//   created: datetime - when it came
//   downloads: integer - its downloads
MATCH (m:Model {id: $id})
WITH m.nameKey AS key, m.author AS author
MATCH (other:Model) WHERE other.nameKey = key AND other.relation IS NULL AND other.author <> author
  AND other.deletedAt IS NULL
RETURN other.id AS id, other.author AS author, other.createdAt AS created, other.downloads AS downloads
ORDER BY coalesce(downloads, 0) DESC, id
LIMIT $limit
