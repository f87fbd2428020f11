// For which languages do most models come from a single author?
// params:
//   at_least: integer = 5 - only languages with so many models
//   at_most: integer = 100 - and with no more than so many
//   limit: integer = 25 - how many rows
// returns:
//   language: string - the language's code
//   models: integer - its models
//   author: string - who published most of them
//   share: float - of its models, 0 to 1
MATCH (l:Language)<-[:IN_LANGUAGE]-(m:Model)
WHERE l.degree >= $at_least AND l.degree <= $at_most
WITH l.name AS language, l.degree AS models, m.author AS author, count(*) AS published
ORDER BY language, published DESC, author
WITH language, models, collect({author: author, published: published})[0] AS most
RETURN language, models, most.author AS author, 1.0 * most.published / models AS share
ORDER BY share DESC, models DESC, language
LIMIT $limit
