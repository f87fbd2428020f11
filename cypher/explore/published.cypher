// Which models has an author published, most downloaded first?
// params:
//   name: string = "google-bert" - the author
//   k: integer = 20 - how many
// returns:
//   id: string - the model
//   total: integer - how many models the author has published
MATCH (a:Author {name: $name})<-[:PUBLISHED_BY]-(m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, a.degree AS total
ORDER BY coalesce(m.downloads, 0) DESC, id
LIMIT $k
