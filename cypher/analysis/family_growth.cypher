// How many models were built on a model, month by month?
// params:
//   id: string = "mistralai/Mistral-7B-v0.1" - the model
// returns:
//   month: string - year and month; absent where it is not known
//   models: integer - models made directly from it in that month
//   builders: integer - by so many authors
MATCH (:Model {id: $id})<-[:BASED_ON]-(child:Model) WHERE child.deletedAt IS NULL
RETURN left(toString(child.createdAt), 7) AS month, count(*) AS models, count(DISTINCT child.author) AS builders
ORDER BY month
