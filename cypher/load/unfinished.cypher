// Was a load interrupted?
// returns:
//   unfinished: boolean - whether it was
MATCH (s:Stage {id: "load"})
RETURN coalesce(s.unfinished, false) AS unfinished
