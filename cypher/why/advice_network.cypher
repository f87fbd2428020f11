// What does the network hear of an author and of a model?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   end: node - one of the two
//   link: relationship - its link to what the network hears
//   fact: node - a model of the author, or a fact or base of the model
MATCH (end:Author {name: $a})<-[link:PUBLISHED_BY]-(fact:Model)
RETURN end, link, fact ORDER BY fact.createdAt DESC, fact.id LIMIT 24
UNION
MATCH (end:Model {id: $b})-[link]->(fact)
WHERE NOT type(link) IN ['RECOMMENDS', 'SIMILAR_TO']
RETURN end, link, fact LIMIT 25
