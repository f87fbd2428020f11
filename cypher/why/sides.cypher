// Everything that reasons are made of, for some models in one answer: the run, their vectors and those of their facts.
// params:
//   ids: list = ["google-bert/bert-base-uncased", "FacebookAI/roberta-base"] - the models
//   method: string = "gat" - gat or gcn
//   near: list = [] - those of them whose nearest are wanted too
// returns:
//   row: string - run, side, facts, relation or near
//   label: string - the node's label, absent of facts
//   key: string - its id or name, absent of facts
//   data: map - its vectors and numbers; of facts that models link to all, each by label, key, degree and vector
//   card: map - what a list shows of a model that was asked for
MATCH (current:Current {id: $method})
MATCH (run:Run {id: current.run})
RETURN 'run' AS row, 'Run' AS label, run.id AS key, run{.id, .slot, .form, .extended, .terms, .heads, .asOf, .models, .modelScale, .modelText, .modelWeights, .authorScale, .authorText, .authorWeights} AS data, null AS card
UNION ALL
MATCH (current:Current {id: $method})
MATCH (m:Model) WHERE m.id IN $ids
RETURN 'side' AS row, 'Model' AS label, m.id AS key, {embedding: m[$method + 'Embedding' + current.slot], projected: m[$method + 'Projected' + current.slot],
    neighbours: m[$method + 'Neighbours' + current.slot], attention: m[$method + 'Attention' + current.slot],
    incoming: m[$method + 'Incoming' + current.slot], counts: m[$method + 'Counts' + current.slot], text: m.textEmbedding, deleted: m.deletedAt} AS data,
  m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card
UNION ALL
MATCH (current:Current {id: $method})
UNWIND $ids AS id
MATCH (m:Model {id: id})
MATCH (m)-[link:FOR_TASK|USES_LIBRARY|HAS_TAG|IN_LANGUAGE|LICENSED_UNDER|HAS_ARCHITECTURE|TRAINED_ON|CITES|PUBLISHED_BY|BASED_ON]->(n)
WHERE type(link) + '|' + labels(n)[0] + '|' + coalesce(n.id, n.name, n.arxivId) IN m[$method + 'Neighbours' + current.slot]
WITH DISTINCT current, n
WITH collect([labels(n)[0], coalesce(n.id, n.name, n.arxivId), CASE labels(n)[0] WHEN 'Model' THEN n.builtOn ELSE n.degree END,
  n[$method + 'Projected' + current.slot]]) AS facts
RETURN 'facts' AS row, null AS label, null AS key, {facts: facts} AS data, null AS card
UNION ALL
UNWIND $near AS id
MATCH (current:Current {id: $method})
MATCH (m:Model {id: id})
WITH m, current, m[$method + 'Nearest' + current.slot] AS others, vector.similarity.cosine([1.0], [-1.0]) AS low
UNWIND others AS other
MATCH (n:Model) WHERE n.id = other AND n.deletedAt IS NULL
RETURN 'near' AS row, 'Model' AS label, n.id AS key, {of: m.id, embedding: n[$method + 'Embedding' + current.slot], counts: n[$method + 'Counts' + current.slot],
    text: 2 * (vector.similarity.cosine(n.textEmbedding, m.textEmbedding) - low) / (1 - low) - 1} AS data,
  n{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card
UNION ALL
MATCH (m:Model) WHERE m.id IN $ids
MATCH (m)-[link:BASED_ON]->(n:Model)
RETURN 'relation' AS row, link.relation AS label, m.id AS key, {base: n.id} AS data, null AS card
