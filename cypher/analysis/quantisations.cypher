// Which files of a model are there in other formats and sizes?
// params:
//   id: string = "mistralai/Mistral-7B-v0.1" - the model
//   limit: integer = 100 - how many rows
// returns:
//   id: string - the variant
//   relation: string - how it was made
//   library: string - what it runs with
//   downloads: integer - its downloads
MATCH (m:Model {id: $id})
WITH m.nameKey AS key
MATCH (variant:Model) WHERE variant.nameKey = key AND variant.id <> $id AND variant.deletedAt IS NULL
RETURN variant.id AS id, variant.relation AS relation, variant.library AS library, variant.downloads AS downloads
ORDER BY coalesce(downloads, 0) DESC, id
LIMIT $limit
