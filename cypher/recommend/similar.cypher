// Which models are most similar to some models by text (cosine) or tags (Jaccard)?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
//   method: string = "cosine" - cosine or jaccard
// returns:
//   query: string - one of the models
//   card: map - what a list shows of the similar model
//   score: float - similarity, 0 to 1
MATCH (m:Model) WHERE m.id IN $ids
MATCH (m)-[link:SIMILAR_TO]->(b:Model)
WHERE link.method = $method AND b.deletedAt IS NULL
RETURN m.id AS query, b{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, link.score AS score
ORDER BY query, link.rank
