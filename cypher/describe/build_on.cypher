// Store how many models authors made from those of others.
// params:
//   rows: list = [] - maps of builder and owner, both authors' names, and the numbers models and bases
UNWIND $rows AS row
MATCH (builder:Author {name: row.builder})
MATCH (owner:Author {name: row.owner})
MERGE (builder)-[link:BUILDS_ON_MODELS_OF]->(owner)
SET link.models = row.models, link.bases = row.bases
