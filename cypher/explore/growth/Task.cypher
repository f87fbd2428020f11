// How many models of one task were made in each month?
// params:
//   key: string = "fill-mask" - the task
// returns:
//   month: string - the month, such as 2024-03, from the first to the last with a model of it
//   models: integer - how many were made in it; the stage describe has counted them
MATCH (n:Task {name: $key})
WHERE n.growth IS NOT NULL
WITH n.growth AS growth, n.growsSince % 100 - 1 AS first, (n.growsSince - n.growsSince % 100) / 100 AS year
UNWIND range(0, size(growth) - 1) AS place
WITH growth[place] AS models, (first + place) % 12 + 1 AS month, year + (first + place - (first + place) % 12) / 12 AS year
RETURN toString(year) + CASE WHEN month < 10 THEN '-0' ELSE '-' END + toString(month) AS month, models
ORDER BY month
