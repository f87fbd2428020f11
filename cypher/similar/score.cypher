// Change the score and the rank of links from some models to others, by one method.
// params:
//   rows: list = [] - maps of a model's id and its links (id, score, rank) that change
//   method: string = "cosine" - the method
UNWIND $rows AS row
MATCH (m:Model {id: row.id})-[r:SIMILAR_TO {method: $method}]->(o:Model)
UNWIND row.links AS link
WITH r, link, o
WHERE link.id = o.id
SET r.score = link.score, r.rank = link.rank
