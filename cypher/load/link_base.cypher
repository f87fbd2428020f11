// Link models to what they were made from, and keep what is still missing.
// params:
//   rows: list = [] - maps of a model's id, its links (base, relation, inferred, confidence) and what is left ("relation id")
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.unresolvedBases = row.left, m.degree = m.degree + size(row.links)
WITH m, row
UNWIND row.links AS link
MATCH (b:Model {id: link.base})
CREATE (m)-[:BASED_ON {relation: link.relation, inferred: link.inferred, confidence: link.confidence}]->(b)
