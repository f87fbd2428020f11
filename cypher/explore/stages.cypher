// What has been loaded and built, and when?
// returns:
//   stage: string - load, counts, embed, similar, train, publish, describe, description (how far describe has come) or advise
//   fingerprint: string - changes with what the stage was made from
//   finishedAt: datetime - when it was done
//   summary: string - what it did, in a line
MATCH (s:Stage)
RETURN s.id AS stage, s.fingerprint AS fingerprint, s.finishedAt AS finishedAt, s.summary AS summary
ORDER BY stage
