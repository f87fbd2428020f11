// Which facts of an author and a model did the network weigh against each other?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the model
//   relationship: string = "PUBLISHED_BY" - how the author is linked to the fact
//   a_fact: string = "sentence-transformers/all-MiniLM-L6-v2" - the author's fact: a model published or a base built upon
//   its_relationship: string = "FOR_TASK" - how the other is linked to its fact
//   its_fact: string = "sentence-similarity" - the other's fact
// returns:
//   end: node - one of the two
//   link: relationship - its link to the fact
//   fact: node - the fact, absent where it is the model itself; of BUILDS_ON the author's models built on it
MATCH (end:Author {name: $a})
OPTIONAL MATCH (end)<-[link:PUBLISHED_BY]-(fact:Model)
WHERE fact.id = $a_fact OR ($relationship = 'BUILDS_ON' AND $a_fact IN [(fact)-[:BASED_ON]->(base) | base.id])
RETURN end, link, fact LIMIT 25
UNION
MATCH (end:Model {id: $b})
OPTIONAL MATCH (end)-[link]-(fact)
WHERE (type(link) = $its_relationship AND $its_fact IN [fact.id, fact.name, fact.arxivId])
  OR ($its_relationship = 'BUILDS_ON' AND type(link) = 'BASED_ON' AND endNode(link).id = end.id AND fact.author = $its_fact)
RETURN end, link, fact LIMIT 25
