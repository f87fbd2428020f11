// How many models has an author published?
// params:
//   name: string = "sentence-transformers" - the author
// returns:
//   models: integer - how many
MATCH (a:Author {name: $name})
RETURN coalesce(a.degree, 0) AS models
