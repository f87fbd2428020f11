// Which merges join models under a licence that binds with models under a free one?
// params:
//   strict: list = ["cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "llama2", "llama3", "gemma", "openrail", "gpl-3.0", "agpl-3.0"] - licences that bind what is made from them
//   free: list = ["apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "unlicense"] - licences that ask for little
//   at_least: integer = 100 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the merge
//   licence: string - its licence
//   base_licences: list - the licences of what it was merged from
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.downloads >= $at_least
WITH m WHERE m.relation = 'merge' AND m.deletedAt IS NULL
UNWIND [(m)-[:BASED_ON]->(base:Model) | base.license] AS licence
WITH DISTINCT m.id AS id, m.license AS own, m.downloads AS downloads, licence
ORDER BY licence
WITH id, own, downloads, collect(licence) AS base_licences
WHERE any(each IN base_licences WHERE each IN $strict) AND any(each IN base_licences WHERE each IN $free)
RETURN id, own AS licence, base_licences, downloads
ORDER BY downloads DESC, id
LIMIT $limit
