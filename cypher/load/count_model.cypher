// Store how many facts and relatives each of the given models has, and how many models were made from it.
// params:
//   rows: list = [] - maps of one model's id each
UNWIND $rows AS row
MATCH (m:Model {id: row.key})
SET m.builtOn = COUNT { (m)<-[:BASED_ON]-() },
    m.degree = COUNT { (m)-[:FOR_TASK|USES_LIBRARY|HAS_TAG|IN_LANGUAGE|LICENSED_UNDER|HAS_ARCHITECTURE|TRAINED_ON|CITES|PUBLISHED_BY]->() } + COUNT { (m)-[:BASED_ON]-() }
