// To which models is each one linked as similar, and by which method?
// returns:
//   id: string - the model
//   links: list - pairs of a method and the id of a similar model
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, [(m)-[r:SIMILAR_TO]->(o:Model) | [r.method, o.id]] AS links
