// Which run of each network is in service, and how good was it on what it had not seen?
// returns:
//   method: string - gat or gcn
//   run: string - the run
//   createdAt: datetime - when it was trained
//   metrics: string - its measures, as JSON
MATCH (current:Current)
MATCH (run:Run {id: current.run})
RETURN current.id AS method, run.id AS run, run.createdAt AS createdAt, run.metrics AS metrics
ORDER BY method
