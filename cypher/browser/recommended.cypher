// Which models are recommended for a model, and what do they share with it?
// params:
//   id: string = "google-bert/bert-base-uncased" - the model
//   method: string = "gat" - gat or gcn
//   first: integer = 5 - how many models
//   rare: integer = 100 - only facts that at most so many models have
// returns:
//   m: node - the model
//   recommends: relationship - score and rank
//   b: node - the recommended model
//   path: path - what both share, absent where there is nothing so rare
MATCH (current:Current {id: $method})
MATCH (m:Model {id: $id})-[recommends:RECOMMENDS]->(b:Model)
WHERE recommends.method = $method AND recommends.run = current.run AND recommends.rank <= $first
OPTIONAL MATCH path = (m)-[of_m]->(fact)<-[of_b]-(b)
WHERE fact.degree <= $rare AND type(of_m) = type(of_b) AND NOT type(of_m) IN ['SIMILAR_TO', 'RECOMMENDS']
RETURN m, recommends, b, path
