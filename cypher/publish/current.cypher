// Which run and slot of each method is in service?
// returns:
//   method: string - the method
//   run: string - the run
//   slot: string - A or B
MATCH (c:Current)
RETURN c.id AS method, c.run AS run, c.slot AS slot
ORDER BY method
