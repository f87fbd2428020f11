// How many nodes of each kind are there?
// returns:
//   label: string - the kind
//   count: integer - how many
MATCH (n:Model) RETURN 'Model' AS label, count(*) AS count
UNION ALL
MATCH (n:Task) RETURN 'Task' AS label, count(*) AS count
UNION ALL
MATCH (n:Library) RETURN 'Library' AS label, count(*) AS count
UNION ALL
MATCH (n:Tag) RETURN 'Tag' AS label, count(*) AS count
UNION ALL
MATCH (n:Language) RETURN 'Language' AS label, count(*) AS count
UNION ALL
MATCH (n:License) RETURN 'License' AS label, count(*) AS count
UNION ALL
MATCH (n:Architecture) RETURN 'Architecture' AS label, count(*) AS count
UNION ALL
MATCH (n:Dataset) RETURN 'Dataset' AS label, count(*) AS count
UNION ALL
MATCH (n:Author) RETURN 'Author' AS label, count(*) AS count
UNION ALL
MATCH (n:Paper) RETURN 'Paper' AS label, count(*) AS count
