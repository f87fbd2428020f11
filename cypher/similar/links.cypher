// To which models is each one linked as similar, by which method, how similar and in which place?
// returns:
//   id: string - the model, perhaps deleted on the Hub
//   links: list - of a method, the id of a similar model, a score and a rank
MATCH (m:Model)
RETURN m.id AS id, [(m)-[r:SIMILAR_TO]->(o:Model) | [r.method, o.id, r.score, r.rank]] AS links
