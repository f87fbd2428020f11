// As of when, over how many models and by which settings were the lists of authors made, and how young is the newest model?
// params:
//   method: string = "gat-reranker" - the method
// returns:
//   asOf: datetime - the moment from which the lists see the graph
//   models: integer - how many models there were
//   settings: string - as JSON
//   newest: datetime - when the newest model was created
MATCH (c:Current {id: $method})
MATCH (r:Run {id: c.run})
OPTIONAL MATCH (m:Model) WHERE m.createdAt > r.asOf AND m.deletedAt IS NULL
WITH r.asOf AS asOf, r.models AS models, r.settings AS settings, max(m.createdAt) AS newest
RETURN asOf, models, settings, coalesce(newest, asOf) AS newest
