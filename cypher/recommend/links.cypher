// Which models does the network in service recommend for a model, best first, as stored when it was published?
// params:
//   id: string = "google-bert/bert-base-uncased" - the model
//   method: string = "gat" - gat or gcn
// returns:
//   run: string - the run in service
//   card: map - what a list shows of the recommended model; absent where nothing is stored
//   score: float - additive score, higher is better
//   reasons: string - the reasons to show first, as JSON
MATCH (current:Current {id: $method})
OPTIONAL MATCH (m:Model {id: $id})-[link:RECOMMENDS]->(b:Model)
WHERE link.method = $method AND link.run = current.run AND b.deletedAt IS NULL
RETURN current.run AS run, b{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, link.score AS score, link.reasons AS reasons
ORDER BY link.rank
