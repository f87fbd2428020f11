// Which files of a model are there in other formats and sizes?
// params:
//   id: string = "mistralai/Mistral-7B-v0.1" - the model
// returns:
//   id: string - the variant
//   relation: string - how it was made
//   library: string - what it runs with
//   downloads: integer - its downloads
MATCH (m:Model {id: $id})
MATCH (variant:Model) WHERE variant.nameKey = m.nameKey AND variant.id <> $id
RETURN variant.id AS id, variant.relation AS relation, variant.library AS library, variant.downloads AS downloads
ORDER BY coalesce(downloads, 0) DESC, id
