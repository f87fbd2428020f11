// Which facts of two models did the network weigh against each other?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   facts: list = ["TRAINED_ON|snli"] - facts of the one: how it is linked to each, and its id or name
//   its_facts: list = ["FOR_TASK|sentence-similarity"] - the same of the other
// returns:
//   end: node - one of the two
//   link: relationship - its link to a fact, absent where the model stands for itself
//   fact: node - the fact; of BUILDS_ON the author's models built on it
MATCH (end:Model) WHERE end.id IN [$a, $b]
RETURN end, null AS link, null AS fact
UNION
UNWIND [{id: $a, facts: $facts}, {id: $b, facts: $its_facts}] AS side
MATCH (end:Model {id: side.id})
MATCH (end)-[link]->(fact)
WHERE NOT type(link) IN ['RECOMMENDS', 'SIMILAR_TO'] AND type(link) + '|' + coalesce(fact.id, fact.name, fact.arxivId) IN side.facts
RETURN end, link, fact LIMIT 25
UNION
UNWIND [{id: $a, facts: $facts}, {id: $b, facts: $its_facts}] AS side
UNWIND side.facts AS name
WITH side, name WHERE name STARTS WITH 'BASED_ON|'
MATCH (fact:Model {id: substring(name, 9)})
MATCH (fact)-[link:BASED_ON]->(end:Model) WHERE end.id = side.id
RETURN end, link, fact LIMIT 25
UNION
UNWIND [{id: $a, facts: $facts}, {id: $b, facts: $its_facts}] AS side
UNWIND side.facts AS name
WITH side, name WHERE name STARTS WITH 'BUILDS_ON|'
MATCH (author:Author {name: substring(name, 10)})
MATCH (author)<-[:PUBLISHED_BY]-(fact:Model)-[link:BASED_ON]->(end:Model) WHERE end.id = side.id
RETURN end, link, fact LIMIT 25
