// What the models say now that a network has not placed as they are, or what all say.
// params:
//   all: boolean = false - all of them
// returns:
//   id: string - the model
//   now: string - hashes of its text and of its facts, without its counts
MATCH (m:Model)
WHERE m.deletedAt IS NULL
WITH m.id AS id, m.placedFrom AS placed, coalesce(m.textHash, '') + split(coalesce(m.contentHash, ''), '.')[0] AS now
WHERE $all OR placed IS NULL OR placed <> now
RETURN id, now
