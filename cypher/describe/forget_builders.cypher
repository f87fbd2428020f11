// Take away that authors build on the models of others.
// params:
//   rows: list = [] - maps of builder and owner, both authors' names
UNWIND $rows AS row
MATCH (:Author {name: row.builder})-[link:BUILDS_ON_MODELS_OF]->(:Author {name: row.owner})
DELETE link
