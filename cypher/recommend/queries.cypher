// What does the network in service know of some models, to find others like them?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
//   method: string = "gat" - gat or gcn
// returns:
//   run: map - the run in service, with its weights
//   card: map - what a list shows of the model
//   embedding: list - its vector
//   counts: list - the raw numbers of the run's terms
//   text: list - its text vector
MATCH (current:Current {id: $method})
MATCH (run:Run {id: current.run})
UNWIND $ids AS id
OPTIONAL MATCH (m:Model {id: id})
RETURN run{.id, .slot, .form, .extended, .terms, .heads, .asOf, .models, .modelScale, .modelText, .modelWeights, .authorScale, .authorText, .authorWeights} AS run,
  m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, m[$method + 'Embedding' + current.slot] AS embedding, m[$method + 'Counts' + current.slot] AS counts,
  m.textEmbedding AS text
