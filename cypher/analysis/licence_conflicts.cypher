// Which models have a licence that allows more than that of the model they were made from?
// params:
//   strict: list = ["cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "llama2", "llama3", "gemma", "openrail", "gpl-3.0", "agpl-3.0"] - licences that bind what is made from them
//   free: list = ["apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "unlicense"] - licences that ask for little
//   limit: integer = 25 - how many rows
// returns:
//   child: string - the model
//   licence: string - its licence
//   base: string - what it was made from
//   base_licence: string - that model's licence
//   relation: string - how it was made
//   downloads: integer - of the child
MATCH (base:Model)<-[made:BASED_ON]-(child:Model)
WHERE base.builtOn >= 1 AND base.license IN $strict AND child.license IN $free
  AND child.deletedAt IS NULL
RETURN child.id AS child, child.license AS licence, base.id AS base, base.license AS base_licence,
  made.relation AS relation, child.downloads AS downloads
ORDER BY coalesce(downloads, 0) DESC, child, base
LIMIT $limit
