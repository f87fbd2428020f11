// Writes the node of a run: how it scores, its settings and its metrics.
// params:
//   id: string - the run
//   properties: map - its properties
// returns:
//   id: string - the run
MERGE (r:Run {id: $id})
SET r += $properties
RETURN r.id AS id
