// Take away links from some models to others, by one method.
// params:
//   rows: list = [] - maps of a model's id and its links (id) that go
//   method: string = "cosine" - the method
UNWIND $rows AS row
MATCH (m:Model {id: row.id})-[r:SIMILAR_TO {method: $method}]->(o:Model)
WHERE o.id IN [link IN row.links | link.id]
DELETE r
