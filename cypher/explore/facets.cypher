// Which tasks, libraries and licences have the most models?
// params:
//   limit: integer = 20 - how many of each
// returns:
//   facet: string - task, library or license
//   value: string - its name
//   count: integer - how many models have it
MATCH (n:Task) WHERE n.degree > 0
WITH n ORDER BY n.degree DESC, n.name LIMIT $limit
RETURN 'task' AS facet, n.name AS value, n.degree AS count
UNION ALL
MATCH (n:Library) WHERE n.degree > 0
WITH n ORDER BY n.degree DESC, n.name LIMIT $limit
RETURN 'library' AS facet, n.name AS value, n.degree AS count
UNION ALL
MATCH (n:License) WHERE n.degree > 0
WITH n ORDER BY n.degree DESC, n.name LIMIT $limit
RETURN 'license' AS facet, n.name AS value, n.degree AS count
