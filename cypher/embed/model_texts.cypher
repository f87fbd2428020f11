// The texts of all models, and the hashes of the texts that their vectors were made from.
// returns:
//   key: string - the model
//   text: string - what it says of itself
//   textHash: string - behind its text vector
//   sentenceHash: string - behind its sentence vector
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS key, m.soup AS text, m.textHash AS textHash, m.sentenceHash AS sentenceHash
