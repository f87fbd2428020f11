// What do lists show of some models?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   card: map - what a list shows of the model
MATCH (m:Model) WHERE m.id IN $ids
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card
