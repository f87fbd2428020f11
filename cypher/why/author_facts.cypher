// Which facts of an author and a model did the network weigh against each other?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the model
//   facts: list = ["PUBLISHED_BY|sentence-transformers/all-MiniLM-L6-v2"] - the author's: a model published or a base built upon
//   its_facts: list = ["FOR_TASK|sentence-similarity"] - facts of the model: how it is linked to each, and its id or name
// returns:
//   end: node - one of the two
//   link: relationship - its link to a fact, absent where the model stands for itself
//   fact: node - the fact; of BUILDS_ON the author's models built on it
MATCH (end:Author {name: $a})
UNWIND $facts AS name
WITH end, name WHERE name STARTS WITH 'PUBLISHED_BY|'
MATCH (fact:Model {id: substring(name, 13)})
MATCH (fact)-[link:PUBLISHED_BY]->(end)
RETURN end, link, fact LIMIT 25
UNION
MATCH (end:Author {name: $a})
UNWIND $facts AS name
WITH end, name WHERE name STARTS WITH 'BUILDS_ON|'
MATCH (end)<-[link:PUBLISHED_BY]-(fact:Model)-[:BASED_ON]->(base:Model) WHERE base.id = substring(name, 10)
RETURN end, link, fact LIMIT 25
UNION
MATCH (end:Model {id: $b})
RETURN end, null AS link, null AS fact
UNION
MATCH (end:Model {id: $b})
MATCH (end)-[link]->(fact)
WHERE NOT type(link) IN ['RECOMMENDS', 'SIMILAR_TO'] AND type(link) + '|' + coalesce(fact.id, fact.name, fact.arxivId) IN $its_facts
RETURN end, link, fact LIMIT 25
UNION
UNWIND $its_facts AS name
WITH name WHERE name STARTS WITH 'BASED_ON|'
MATCH (fact:Model {id: substring(name, 9)})
MATCH (fact)-[link:BASED_ON]->(end:Model) WHERE end.id = $b
RETURN end, link, fact LIMIT 25
UNION
UNWIND $its_facts AS name
WITH name WHERE name STARTS WITH 'BUILDS_ON|'
MATCH (author:Author {name: substring(name, 10)})
MATCH (author)<-[:PUBLISHED_BY]-(fact:Model)-[link:BASED_ON]->(end:Model) WHERE end.id = $b
RETURN end, link, fact LIMIT 25
