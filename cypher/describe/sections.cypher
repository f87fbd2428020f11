// What does the report say of the graph as a whole?
// params:
//   id: string = null - only this section, such as growth
// returns:
//   id: string - the section, such as tasks
//   json: string - its title, text and rows, as JSON
MATCH (r:Report)
WHERE $id IS NULL OR r.id = $id
RETURN r.id AS id, r.json AS json
ORDER BY r.position
