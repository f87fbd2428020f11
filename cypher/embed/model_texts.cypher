// The texts of the models whose text vector is not up to date, or of all.
// params:
//   all: boolean = true - all of them, and not only those without the hash of a text
// returns:
//   key: string - the model
//   text: string - what it says of itself
//   textHash: string - behind its text vector
MATCH (m:Model)
WHERE m.deletedAt IS NULL AND ($all OR m.textHash IS NULL)
RETURN m.id AS key, coalesce(m.soup, m.id) AS text, m.textHash AS textHash
