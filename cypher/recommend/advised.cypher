// What may an author build on next, best first, as stored by the last build?
// params:
//   author: string = "sentence-transformers" - the author
//   method: string = "gat-reranker" - the method
// returns:
//   run: map - the run in service: its id, moment and number of bases, and what shares and numbers are of
//   card: map - what a list shows of the recommended model; absent where nothing is stored
//   score: float - additive score, higher is better
//   shares: list - what each of the run's reasons adds to it
//   numbers: list - what is told of them
MATCH (current:Current {id: $method})
MATCH (run:Run {id: current.run})
OPTIONAL MATCH (:Author {name: $author})-[link:RECOMMENDS]->(b:Model)
WHERE link.method = $method AND link.run = current.run AND b.deletedAt IS NULL
RETURN run{.id, .asOf, .bases, .reasons, .numbers} AS run,
  b{.id, .title, .author, .task, .library, .license, .downloads, .likes, .createdAt, .lastModified,
    .parameters, .relation, .nameKey, .gguf} AS card, link.score AS score, link.shares AS shares, link.numbers AS numbers
ORDER BY link.rank
