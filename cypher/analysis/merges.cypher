// Which models were merged from the most others?
// params:
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   ingredients: list - what it was merged from
//   downloads: integer - its downloads
MATCH (m:Model)-[:BASED_ON {relation: 'merge'}]->(base:Model)
WITH m, collect(base.id) AS ingredients
RETURN m.id AS id, ingredients, m.downloads AS downloads
ORDER BY size(ingredients) DESC, coalesce(downloads, 0) DESC, id
LIMIT $limit
