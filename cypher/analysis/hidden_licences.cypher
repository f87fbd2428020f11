// Which models look free although what their base was made from is not?
// params:
//   strict: list = ["cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "llama2", "llama3", "gemma", "openrail", "gpl-3.0", "agpl-3.0"] - licences that bind what is made from them
//   free: list = ["apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "unlicense"] - licences that ask for little
//   at_least: integer = 500 - only models with so many downloads
//   limit: integer = 25 - how many rows
// returns:
//   child: string - the model
//   licence: string - its licence
//   base: string - what it was made from
//   base_licence: string - that model's licence, none or a free one
//   root: string - what the base was made from
//   root_licence: string - the licence that binds both
//   downloads: integer - of the child
MATCH (child:Model) WHERE child.downloads >= $at_least
WITH child WHERE child.license IN $free AND child.relation IS NOT NULL AND child.deletedAt IS NULL
UNWIND [(child)-[:BASED_ON]->(base:Model)-[:BASED_ON]->(root:Model)
  WHERE root.license IN $strict AND (base.license IS NULL OR base.license IN $free)
  | [base.id, base.license, root.id, root.license]] AS found
RETURN child.id AS child, child.license AS licence, found[0] AS base, found[1] AS base_licence,
  found[2] AS root, found[3] AS root_licence, child.downloads AS downloads
ORDER BY downloads DESC, child, base, root
LIMIT $limit
