// Which facts does a model share with each of some others?
// params:
//   a: string = "google-bert/bert-base-uncased" - the model
//   others: list = ["FacebookAI/roberta-base"] - the others
// returns:
//   other: string - one of the others
//   relationship: string - how both are linked to the fact
//   label: string - what kind of fact
//   key: string - its id or name
//   degree: integer - how many models have it
MATCH (a:Model {id: $a})-[mine]->(fact)
WHERE NOT type(mine) IN ['RECOMMENDS', 'SIMILAR_TO']
WITH collect(type(mine) + '|' + coalesce(fact.id, fact.name, fact.arxivId)) AS facts
MATCH (b:Model) WHERE b.id IN $others
MATCH (b)-[its]->(fact)
WHERE type(its) + '|' + coalesce(fact.id, fact.name, fact.arxivId) IN facts
RETURN b.id AS other, type(its) AS relationship, labels(fact)[0] AS label,
  coalesce(fact.id, fact.name, fact.arxivId) AS key,
  CASE labels(fact)[0] WHEN 'Model' THEN fact.builtOn ELSE fact.degree END AS degree
ORDER BY other, relationship, key
