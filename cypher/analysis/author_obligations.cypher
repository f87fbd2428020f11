// By which licences of others are the models of an author bound?
// params:
//   author: string = "NousResearch" - the author
//   strict: list = ["cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "llama2", "llama3", "gemma", "openrail", "gpl-3.0", "agpl-3.0"] - licences that bind what is made from them
//   limit: integer = 25 - how many rows
// returns:
//   id: string - a model of the author
//   licence: string - its licence
//   base: string - what it descends from, at most four steps back
//   base_licence: string - the licence that binds it
//   steps: integer - the fewest steps back
MATCH path = (:Author {name: $author})<-[:PUBLISHED_BY]-(m:Model)-[:BASED_ON*1..4]->(base:Model)
WHERE base.license IN $strict AND base.author <> $author AND m.deletedAt IS NULL
RETURN m.id AS id, m.license AS licence, base.id AS base, base.license AS base_licence, min(length(path)) - 1 AS steps
ORDER BY id, steps, base
LIMIT $limit
