// Stores what a run advises authors to build on next, with what the scores are made of.
// params:
//   rows: list - maps of author, model, method, run, score, rank, shares and numbers, named as by the run
// returns:
//   stored: integer - how many
UNWIND $rows AS row
MATCH (a:Author {name: row.author})
MATCH (b:Model {id: row.model})
CREATE (a)-[r:RECOMMENDS {method: row.method, run: row.run, score: row.score, rank: row.rank, shares: row.shares, numbers: row.numbers}]->(b)
RETURN count(r) AS stored
