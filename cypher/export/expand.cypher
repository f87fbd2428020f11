// The models one hop of lineage or one shared fact away from the given ones, with a cap per relationship.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - where to start
//   cap: integer = 20 - how many models to take per model and relationship
// returns:
//   ids: list - ids of the models reached
UNWIND $ids AS id
MATCH (m:Model {id: id})
CALL (m) {
  MATCH (m)-[:BASED_ON]->(b:Model) RETURN b.id AS reached LIMIT $cap
  UNION
  MATCH (m)<-[:BASED_ON]-(c:Model) RETURN c.id AS reached LIMIT $cap
  UNION
  MATCH (m)-[:PUBLISHED_BY]->(:Author)<-[:PUBLISHED_BY]-(c:Model) RETURN c.id AS reached LIMIT $cap
  UNION
  MATCH (m)-[:TRAINED_ON]->(:Dataset)<-[:TRAINED_ON]-(c:Model) RETURN c.id AS reached LIMIT $cap
  UNION
  MATCH (m)-[:HAS_TAG]->(:Tag)<-[:HAS_TAG]-(c:Model) RETURN c.id AS reached LIMIT $cap
}
RETURN collect(DISTINCT reached) AS ids
