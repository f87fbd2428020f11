// How many nodes of each kind are there?
// returns:
//   label: string - the kind
//   count: integer - how many
RETURN 'Model' AS label, COUNT { MATCH (n:Model) } AS count
UNION ALL
RETURN 'Task' AS label, COUNT { MATCH (n:Task) } AS count
UNION ALL
RETURN 'Library' AS label, COUNT { MATCH (n:Library) } AS count
UNION ALL
RETURN 'Tag' AS label, COUNT { MATCH (n:Tag) } AS count
UNION ALL
RETURN 'Language' AS label, COUNT { MATCH (n:Language) } AS count
UNION ALL
RETURN 'License' AS label, COUNT { MATCH (n:License) } AS count
UNION ALL
RETURN 'Architecture' AS label, COUNT { MATCH (n:Architecture) } AS count
UNION ALL
RETURN 'Dataset' AS label, COUNT { MATCH (n:Dataset) } AS count
UNION ALL
RETURN 'Author' AS label, COUNT { MATCH (n:Author) } AS count
UNION ALL
RETURN 'Paper' AS label, COUNT { MATCH (n:Paper) } AS count
