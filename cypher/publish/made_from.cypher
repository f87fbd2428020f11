// What each model says now, and what it said when a network placed it last.
// returns:
//   id: string - the model
//   now: string - hashes of its text and of its facts, without its counts
//   placed: string - the same when it was placed; null where it never was
MATCH (m:Model)
WHERE m.deletedAt IS NULL
RETURN m.id AS id, coalesce(m.textHash, '') + split(coalesce(m.contentHash, ''), '.')[0] AS now, m.placedFrom AS placed
