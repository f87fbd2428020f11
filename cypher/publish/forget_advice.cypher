// Take away what a run has stored for some authors.
// params:
//   rows: list = [] - maps of an author's name
//   run: string = "gat-reranker-1" - the run
UNWIND $rows AS row
MATCH (:Author {name: row.author})-[r:RECOMMENDS {run: $run}]->()
DELETE r
