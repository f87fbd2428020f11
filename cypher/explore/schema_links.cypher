// Which relationships leave nodes of a label, where to, and with which properties, as far as a few of them tell?
// params:
//   label: string = "Model" - the label
//   among: integer = 500 - how many nodes are looked at
//   links: integer = 20000 - how many of their relationships
// returns:
//   type: string - the type
//   target: string - the label at its end
//   properties: list - names of its properties
MATCH (n:$($label)) WITH n LIMIT $among
MATCH (n)-[link]->(other) WITH link, other LIMIT $links
RETURN DISTINCT type(link) AS type, labels(other)[0] AS target, keys(link) AS properties
ORDER BY type, target
