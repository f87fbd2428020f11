// The models that link to each fact by one relationship, for comparing models by what they share.
// params:
//   relationship: string = "FOR_TASK" - the relationship
// returns:
//   fact: string - the fact
//   models: list - ids of the models that link to one fact
MATCH (m:Model)-[:$($relationship)]->(f)
WHERE m.deletedAt IS NULL
RETURN coalesce(f.id, f.name, f.arxivId) AS fact, collect(m.id) AS models
