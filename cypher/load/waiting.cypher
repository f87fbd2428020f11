// Which models were made from models that are not linked yet?
// returns:
//   id: string - the model
//   bases: list - "relation id" of each base
//   inferred: boolean - whether the relations were inferred
//   confidence: float - how sure inferred ones are, 0 to 1
MATCH (m:Model)
WHERE m.unresolvedBases IS NOT NULL
RETURN m.id AS id, m.unresolvedBases AS bases, m.relationInferred AS inferred,
  m.relationConfidence AS confidence
ORDER BY id
