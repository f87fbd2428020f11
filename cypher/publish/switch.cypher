// Puts a run into service: the one switch of publishing.
// params:
//   method: string = "gat" - the method
//   run: string - the run
//   slot: string - the slot it was written to
// returns:
//   run: string - the run now in service
MERGE (c:Current {id: $method})
SET c.run = $run, c.slot = $slot
RETURN c.run AS run
