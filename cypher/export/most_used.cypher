// The most used models, and the most used of those that were made from others or that others were made from.
// params:
//   most_used: integer = 25000 - how many of all models
//   related: integer = 25000 - how many of those with a base or a derivative
// returns:
//   id: string - a model; some come twice
MATCH (m:Model)
WHERE m.deletedAt IS NULL
WITH m ORDER BY coalesce(m.downloads, 0) DESC, m.id LIMIT $most_used
RETURN m.id AS id
UNION ALL
MATCH (m:Model)
WHERE m.deletedAt IS NULL AND (m.relation IS NOT NULL OR m.builtOn > 0)
WITH m ORDER BY m.builtOn > 0 DESC, coalesce(m.downloads, 0) DESC, m.id LIMIT $related
RETURN m.id AS id
