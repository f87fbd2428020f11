// Which models were made from a model, the most downloaded first?
// params:
//   id: string = "google-bert/bert-base-uncased" - the model
//   limit: integer = 20 - how many
// returns:
//   card: map - what a list shows of the model
MATCH (m:Model {id: $id})<-[:BASED_ON]-(child:Model)
WHERE child.deletedAt IS NULL
WITH child ORDER BY coalesce(child.downloads, 0) DESC, child.id LIMIT $limit
RETURN child{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey} AS card
