// Link models to their papers, which are created where they are missing.
// params:
//   rows: list = [] - maps of a model's id and the keys of its papers
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
UNWIND row.keys AS key
MERGE (f:Paper {arxivId: key})
CREATE (m)-[:CITES]->(f)
