// Stores recommendations of one run with the reasons shown first.
// params:
//   rows: list - maps of model, recommended, method, run, score, rank and reasons (JSON)
// returns:
//   stored: integer - how many
UNWIND $rows AS row
MATCH (a:Model {id: row.model})
MATCH (b:Model {id: row.recommended})
CREATE (a)-[r:RECOMMENDS {method: row.method, run: row.run, score: row.score, rank: row.rank, reasons: row.reasons}]->(b)
RETURN count(r) AS stored
