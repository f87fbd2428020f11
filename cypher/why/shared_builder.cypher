// With which models did one author build on both of two models?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   fact: string = "sentence-transformers" - the author
// returns:
//   author: node - the author
//   published: relationship - the author's link to the model
//   made: node - the author's model
//   of: relationship - its link to its base
//   base: node - one of the two models
MATCH (author:Author {name: $fact})<-[published:PUBLISHED_BY]-(made:Model)-[of:BASED_ON]->(base:Model)
WHERE base.id IN [$a, $b]
RETURN author, published, made, of, base
ORDER BY base.id, made.id
LIMIT 25
