// How many models of one licence were made in each month?
// params:
//   key: string = "apache-2.0" - the licence
// returns:
//   since: integer - the first month, such as 202403; null where the stage describe has counted none
//   models: list - how many were made in it and in each month after it
MATCH (n:License {name: $key})
RETURN n.growsSince AS since, n.growth AS models
