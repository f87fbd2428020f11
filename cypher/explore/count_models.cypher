// How many models are there, with those since deleted on the Hub?
// returns:
//   models: integer - how many
MATCH (m:Model)
RETURN count(*) AS models
