// What is known of one stage of the build?
// params:
//   id: string = "load" - the stage
// returns:
//   fingerprint: string - of what it was made from
//   finishedAt: datetime - when it was done
//   seconds: float - how long it took
//   summary: string - what it did, in a line
MATCH (s:Stage {id: $id})
WHERE s.fingerprint IS NOT NULL
RETURN s.fingerprint AS fingerprint, s.finishedAt AS finishedAt, s.seconds AS seconds, s.summary AS summary
