// Deletes stored recommendations of a method that are not of the given run, some at a time.
// params:
//   method: string = "gat" - the method
//   run: string - the run whose recommendations stay
//   limit: integer = 10000 - how many to delete
// returns:
//   deleted: integer - how many were deleted
MATCH (:Model)-[r:RECOMMENDS {method: $method}]->(:Model)
WHERE r.run <> $run
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted
