// Which runs have been written to a slot?
// params:
//   method: string = "gat" - gat or gcn
//   slot: string = "A" - the slot
// returns:
//   run: string - one of them
MATCH (r:Run {method: $method, slot: $slot})
RETURN r.id AS run
