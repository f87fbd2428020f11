// Take away sections of the report that a newer one does not have.
// params:
//   kept: list = [] - ids of the sections that stay
MATCH (r:Report)
WHERE NOT r.id IN $kept
DELETE r
