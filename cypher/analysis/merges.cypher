// Which models were merged from the most others?
// params:
//   at_least: integer = 3 - only those merged from so many
//   limit: integer = 25 - how many rows
// returns:
//   id: string - a model that says so of its first base
//   ingredients: list - what it was merged from, by name
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.mergedFrom >= $at_least
WITH m ORDER BY m.mergedFrom DESC, coalesce(m.downloads, 0) DESC, m.id LIMIT $limit
UNWIND [(m)-[:BASED_ON]->(base:Model) WHERE base.deletedAt IS NULL | base.id] AS ingredient
WITH m, ingredient ORDER BY ingredient
WITH m, collect(ingredient) AS ingredients
RETURN m.id AS id, ingredients, m.downloads AS downloads
ORDER BY m.mergedFrom DESC, coalesce(downloads, 0) DESC, id
