// Which spaces are in the graph that were there before a moment and are not marked as deleted?
// params:
//   before: datetime = null - the moment; spaces of unknown age count as older
//   author: string = null - only this author's
// returns:
//   author: string - an author, null for spaces without one
//   ids: list - the author's spaces
MATCH (s:Space)
WHERE s.deletedAt IS NULL AND (s.createdAt IS NULL OR s.createdAt < $before) AND ($author IS NULL OR s.author = $author)
RETURN s.author AS author, collect(s.id) AS ids
