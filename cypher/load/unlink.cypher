// Take away some of a model's links to facts and bases.
// params:
//   rows: list = [] - maps of a model's id and of links, each a relationship, a space and the key of the fact or base
UNWIND $rows AS row
MATCH (:Model {id: row.id})-[r:FOR_TASK|USES_LIBRARY|HAS_TAG|IN_LANGUAGE|LICENSED_UNDER|HAS_ARCHITECTURE|TRAINED_ON|CITES|PUBLISHED_BY|BASED_ON]->(f)
WHERE type(r) + ' ' + coalesce(f.id, f.name, f.arxivId) IN row.links
DELETE r
