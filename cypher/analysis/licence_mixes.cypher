// Which merges join models under a licence that binds with models under a free one?
// params:
//   strict: list = ["cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "llama2", "llama3", "gemma", "openrail", "gpl-3.0", "agpl-3.0"] - licences that bind what is made from them
//   free: list = ["apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "unlicense"] - licences that ask for little
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the merge
//   licence: string - its licence
//   base_licences: list - the licences of what it was merged from
//   downloads: integer - its downloads
MATCH (base:Model)<-[made:BASED_ON]-(m:Model)
WHERE base.builtOn >= 1 AND made.relation = 'merge' AND m.deletedAt IS NULL
WITH DISTINCT m.id AS id, m.license AS licence, m.downloads AS downloads, base.license AS base_licence
ORDER BY base_licence
WITH id, licence, downloads, collect(base_licence) AS base_licences
WHERE any(each IN base_licences WHERE each IN $strict) AND any(each IN base_licences WHERE each IN $free)
RETURN id, licence, base_licences, downloads
ORDER BY coalesce(downloads, 0) DESC, id
LIMIT $limit
