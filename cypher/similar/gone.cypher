// Which models were linked to similar ones before they were deleted on the Hub?
// returns:
//   id: string - the model
MATCH (m:Model)
WHERE m.deletedAt IS NOT NULL AND m.similarHash IS NOT NULL
RETURN m.id AS id
