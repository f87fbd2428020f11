// Which links of two models to some facts are left out in a counterfactual?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   facts: list = ["sentence-similarity", "snli"] - names or ids of facts, models among them
// returns:
//   end: node - one of the two
//   link: relationship - its link
//   fact: node - the fact; for an author who builds on it, the model made
MATCH (end:Model)-[link]->(fact)
WHERE end.id IN [$a, $b] AND NOT type(link) IN ['RECOMMENDS', 'SIMILAR_TO'] AND coalesce(fact.id, fact.name, fact.arxivId) IN $facts
RETURN end, link, fact LIMIT 100
UNION
MATCH (fact:Model)-[link:BASED_ON]->(end:Model)
WHERE fact.id IN $facts AND end.id IN [$a, $b]
RETURN end, link, fact LIMIT 100
UNION
MATCH (author:Author)<-[:PUBLISHED_BY]-(fact:Model)-[link:BASED_ON]->(end:Model)
WHERE author.name IN $facts AND end.id IN [$a, $b]
RETURN end, link, fact LIMIT 100
