// The models that link to each fact by one relationship, grouped by fact.
// params:
//   relationship: string = "FOR_TASK" - the relationship
//   key: string = "name" - the property that is the fact's key
//   ids: list = null - only links of these models; null is all of them
// returns:
//   key: string - the fact
//   models: list - ids of the models that link to it
MATCH (m:Model)-[:$($relationship)]->(n)
WHERE m.deletedAt IS NULL AND ($ids IS NULL OR m.id IN $ids)
RETURN n[$key] AS key, collect(m.id) AS models
