// Which models were merged from the most others?
// params:
//   limit: integer = 25 - how many rows
// returns:
//   id: string - the model
//   ingredients: list - what it was merged from, by name
//   downloads: integer - its downloads
MATCH (base:Model)<-[made:BASED_ON]-(m:Model)
WHERE base.builtOn >= 1 AND made.relation = 'merge' AND m.deletedAt IS NULL
WITH m.id AS id, m.downloads AS downloads, base.id AS ingredient ORDER BY ingredient
WITH id, downloads, collect(ingredient) AS ingredients
RETURN id, ingredients, downloads
ORDER BY size(ingredients) DESC, coalesce(downloads, 0) DESC, id
LIMIT $limit
