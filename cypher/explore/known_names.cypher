// How are the most downloaded models called, and how far do their numbers go?
// params:
//   at_least: integer = 1000 - only those with so many downloads
// returns:
//   id: string - the model
//   downloads: integer - its downloads
//   likes: integer - its likes
//   created: string - when it was made, ISO 8601 in UTC
MATCH (m:Model) WHERE m.downloads >= $at_least AND m.deletedAt IS NULL
RETURN m.id AS id, m.downloads AS downloads, coalesce(m.likes, 0) AS likes, toString(m.createdAt) AS created
