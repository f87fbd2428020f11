// Which models are there?
// returns:
//   id: string - the model
MATCH (m:Model) WHERE m.deletedAt IS NULL
RETURN m.id AS id
