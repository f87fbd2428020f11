// What does the report say of the graph as a whole?
// returns:
//   id: string - the section, such as tasks
//   json: string - its title, text and rows, as JSON
MATCH (r:Report)
RETURN r.id AS id, r.json AS json
ORDER BY r.position
