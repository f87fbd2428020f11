// Which models were made from a model, the most downloaded first?
// params:
//   id: string = "google-bert/bert-base-uncased" - the model
//   kind: string = null - only finetune, adapter, quantized, merge or unknown
//   skip: integer = 0 - how many are left out first
//   limit: integer = 20 - how many
// returns:
//   card: map - what a list shows of the model, and how many were made from it (builtOn)
MATCH (m:Model {id: $id})<-[:BASED_ON]-(child:Model)
WHERE child.deletedAt IS NULL AND ($kind IS NULL OR child.relation = $kind)
WITH child ORDER BY coalesce(child.downloads, 0) DESC, child.id SKIP $skip LIMIT $limit
RETURN child{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf, .builtOn} AS card
