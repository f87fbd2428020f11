// What does the graph know of a model?
// params:
//   id: string = "sentence-transformers/all-MiniLM-L6-v2" - the model
// returns:
//   m: node - the model
//   link: relationship - a link to a fact or to what it was made from
//   fact: node - its other end
MATCH (m:Model {id: $id})-[link]->(fact)
WHERE NOT type(link) IN ['SIMILAR_TO', 'RECOMMENDS']
RETURN m, link, fact
