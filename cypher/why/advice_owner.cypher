// On which models of the one who published a model has an author built?
// params:
//   a: string = "sentence-transformers" - the author
//   b: string = "google-bert/bert-base-uncased" - the model
// returns:
//   owner: string - who published it
//   base: string - another model of theirs that the author built on
//   made: integer - how many models the author made from that
MATCH (b:Model {id: $b})
MATCH (:Author {name: $a})<-[:PUBLISHED_BY]-(made:Model)-[:BASED_ON]->(base:Model)
WHERE base.author = b.author AND base.id <> b.id
RETURN b.author AS owner, base.id AS base, count(made) AS made
ORDER BY made DESC, base
LIMIT 25
