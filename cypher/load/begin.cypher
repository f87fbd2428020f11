// Note that a load is under way, so that what it left half done is mended by the next one.
MERGE (s:Stage {id: "load"})
SET s.unfinished = true
