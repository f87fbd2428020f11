// Is a model built on a model of this author?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the model
//   fact: string = "sentence-transformers/all-MiniLM-L6-v2" - the author's model
// returns:
//   b: node - the model
//   of_b: relationship - its link to its base
//   fact: node - the author's model
//   published: relationship - its link to the author
//   a: node - the author
MATCH (b:Model {id: $b})-[of_b:BASED_ON]->(fact:Model)-[published:PUBLISHED_BY]->(a:Author)
WHERE fact.id = $fact AND a.name = $a
RETURN b, of_b, fact, published, a
