// Some models that are not gone, for a list.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   card: map - what a list shows of the model
UNWIND $ids AS id
MATCH (m:Model) WHERE m.id = id AND m.deletedAt IS NULL
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card
