// Which types of relationship are there?
// returns:
//   type: string - a type
CALL db.relationshipTypes() YIELD relationshipType
RETURN relationshipType AS type ORDER BY type
