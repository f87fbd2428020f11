// Store how many models were made from each of the given ones.
// params:
//   rows: list = [] - maps of one model's id each
UNWIND $rows AS row
MATCH (m:Model {id: row.key})
SET m.builtOn = COUNT { (m)<-[:BASED_ON]-() }
