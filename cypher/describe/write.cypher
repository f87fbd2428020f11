// Store the sections of the report on the graph; those that are there under the same id are replaced.
// params:
//   sections: list = [] - maps of an id, the position in the report and the section as JSON
UNWIND $sections AS section
MERGE (r:Report {id: section.id})
SET r.position = section.position, r.json = section.json
