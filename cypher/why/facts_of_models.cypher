// Which facts and bases does each of some models have?
// params:
//   ids: list = ["google-bert/bert-base-uncased", "FacebookAI/roberta-base"] - the models
// returns:
//   id: string - one of the models
//   facts: list - of each fact the relationship, its label, its id or name, and how many models have it
UNWIND $ids AS id
MATCH (m:Model {id: id})
MATCH (m)-[link:FOR_TASK|USES_LIBRARY|HAS_TAG|IN_LANGUAGE|LICENSED_UNDER|HAS_ARCHITECTURE|TRAINED_ON|CITES|PUBLISHED_BY|BASED_ON]->(fact)
RETURN id, collect([type(link), labels(fact)[0], coalesce(fact.id, fact.name, fact.arxivId),
  CASE labels(fact)[0] WHEN 'Model' THEN fact.builtOn ELSE fact.degree END]) AS facts
