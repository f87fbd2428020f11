// Which tasks, libraries, licences and languages are there, and which tags, as often as asked?
// params:
//   at_least: integer = 5 - only tags with so many models
// returns:
//   field: string - task, library, license, language or tag
//   name: string - its name
//   models: integer - how many models have it
MATCH (n:Task) WHERE n.degree > 0 RETURN 'task' AS field, n.name AS name, n.degree AS models
UNION ALL
MATCH (n:Library) WHERE n.degree > 0 RETURN 'library' AS field, n.name AS name, n.degree AS models
UNION ALL
MATCH (n:License) WHERE n.degree > 0 RETURN 'license' AS field, n.name AS name, n.degree AS models
UNION ALL
MATCH (n:Language) WHERE n.degree > 0 RETURN 'language' AS field, n.name AS name, n.degree AS models
UNION ALL
MATCH (n:Tag) WHERE n.degree >= $at_least RETURN 'tag' AS field, n.name AS name, n.degree AS models
