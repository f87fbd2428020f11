// Link some models to others that are similar to them, by one method.
// params:
//   rows: list = [] - maps of a model's id and its links (id, score, rank)
//   method: string = "cosine" - the method
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.links AS link
MATCH (o:Model {id: link.id})
CREATE (m)-[:SIMILAR_TO {method: $method, score: link.score, rank: link.rank}]->(o)
