// What is known of one model, unless it went from the Hub?
// params:
//   id: string = "google-bert/bert-base-uncased" - the model
// returns:
//   card: map - what a list shows of it
//   more: map - its other properties
//   tags: list - tags
//   languages: list - language codes
//   architectures: list - architectures
//   datasets: list - what it was trained on
//   papers: list - arXiv ids
//   bases: list - what lists show of its bases, with how it was made (made) and whether that was inferred
//   aliases: list - its other ids
MATCH (m:Model {id: $id}) WHERE m.deletedAt IS NULL
RETURN m{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card,
  m{.description, .gated, .modelType, .likelyTask, .degree, .builtOn, .unresolvedBases, .mostUsedChildren, .childKinds} AS more,
  [(m)-[:HAS_TAG]->(t:Tag) | t.name] AS tags,
  [(m)-[:IN_LANGUAGE]->(l:Language) | l.name] AS languages,
  [(m)-[:HAS_ARCHITECTURE]->(a:Architecture) | a.name] AS architectures,
  [(m)-[:TRAINED_ON]->(d:Dataset) | d.id] AS datasets,
  [(m)-[:CITES]->(p:Paper) | p.arxivId] AS papers,
  [(m)-[r:BASED_ON]->(b:Model) | b{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt,
    .lastModified, .parameters, .relation, .gguf, made: r.relation, inferred: r.inferred}] AS bases,
  [(old:Alias)-[:ALIAS_OF]->(m) | old.id] AS aliases
