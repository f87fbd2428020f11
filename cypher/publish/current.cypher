// Which run and slot of each method is in service?
// returns:
//   method: string - the method
//   run: string - the run
//   slot: string - A or B
//   asOf: datetime - the moment from which the run sees the graph
//   form: integer - what the run is stored as
MATCH (c:Current)
OPTIONAL MATCH (r:Run {id: c.run})
RETURN c.id AS method, c.run AS run, c.slot AS slot, r.asOf AS asOf, r.form AS form
ORDER BY method
