// How many models of one author were made in each month?
// params:
//   key: string = "google-bert" - the author
// returns:
//   since: integer - the first month, such as 202403; null where the stage describe has counted none
//   models: list - how many were made in it and in each month after it
MATCH (n:Author {name: $key})
RETURN n.growsSince AS since, n.growth AS models
