// Note that a stage of the build is done.
// params:
//   id: string = "load" - the stage
//   fingerprint: string = "" - of what it was made from
//   finishedAt: datetime = null - when it was done
//   seconds: float = 0.0 - how long it took
//   summary: string = "" - what it did, in a line
MERGE (s:Stage {id: $id})
SET s += {fingerprint: $fingerprint, finishedAt: $finishedAt, seconds: $seconds, summary: $summary, unfinished: null}
