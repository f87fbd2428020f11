// Writes what a run made of Paper nodes into the properties of one slot.
// params:
//   rows: list - maps with the node's key and the properties to set (null removes one)
// returns:
//   written: integer - how many nodes were there
UNWIND $rows AS row
MATCH (n:Paper {arxivId: row.key})
SET n += row.properties
RETURN count(n) AS written
