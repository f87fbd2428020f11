// What were some models made from?
// params:
//   ids: list = ["HuggingFaceH4/zephyr-7b-beta"] - the models
// returns:
//   child: string - one of them
//   card: map - what a list shows of what it was made from, and how many were made from that (builtOn)
//   relation: string - how
//   inferred: boolean - whether that was read from names and tags
UNWIND $ids AS id
MATCH (m:Model {id: id})-[made:BASED_ON]->(base:Model)
RETURN m.id AS child, base{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf, .builtOn} AS card, made.relation AS relation, made.inferred AS inferred
ORDER BY child, base.id
