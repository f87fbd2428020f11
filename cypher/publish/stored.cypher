// For which models have runs stored recommendations?
// params:
//   method: string = "gat" - gat or gcn
// returns:
//   run: string - the run
//   ids: list - the models
MATCH (r:Run {method: $method})
WHERE r.storedFor IS NOT NULL
RETURN r.id AS run, r.storedFor AS ids
