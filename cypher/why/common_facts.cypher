// Which of these facts does a model have, and how many other models have them?
// params:
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the model
//   facts: list = ["en", "apache-2.0"] - names or ids of facts
// returns:
//   fact: string - the fact
//   relationship: string - how the model is linked to it
//   models: integer - how many models have it
MATCH (b:Model {id: $b})-[link]->(fact)
WHERE NOT type(link) IN ['RECOMMENDS', 'SIMILAR_TO'] AND coalesce(fact.id, fact.name, fact.arxivId) IN $facts
RETURN coalesce(fact.id, fact.name, fact.arxivId) AS fact, type(link) AS relationship, coalesce(fact.builtOn, fact.degree) AS models
ORDER BY models DESC
