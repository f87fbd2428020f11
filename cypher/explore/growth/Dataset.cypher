// How many models of one dataset were made in each month?
// params:
//   key: string = "rajpurkar/squad" - the dataset
// returns:
//   since: integer - the first month, such as 202403; null where the stage describe has counted none
//   models: list - how many were made in it and in each month after it
MATCH (n:Dataset {id: $key})
RETURN n.growsSince AS since, n.growth AS models
