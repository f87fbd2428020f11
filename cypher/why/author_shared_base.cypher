// Does an author build on the base of a model?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the model
//   fact: string = "google-bert/bert-base-uncased" - its base
// returns:
//   b: node - the model
//   of_b: relationship - its link to its base
//   fact: node - the base
//   of_made: relationship - the author's model's link to the base
//   made: node - a model of the author
//   published: relationship - its link to the author
//   a: node - the author
MATCH (b:Model {id: $b})-[of_b:BASED_ON]->(fact:Model) WHERE fact.id = $fact
MATCH (a:Author {name: $a})<-[published:PUBLISHED_BY]-(made:Model)-[of_made:BASED_ON]->(base:Model)
WHERE base.id = $fact
RETURN b, of_b, fact, of_made, made, published, a
LIMIT 25
