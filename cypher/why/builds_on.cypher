// With which models did an author build on a model?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   a: node - the author
//   published: relationship - the author's link to the model made
//   made: node - the model made
//   of: relationship - its link to its base
//   b: node - the base
MATCH (a:Author {name: $a})<-[published:PUBLISHED_BY]-(made:Model)-[of:BASED_ON]->(b:Model)
WHERE b.id = $b
RETURN a, published, made, of, b
ORDER BY made.id
LIMIT 25
