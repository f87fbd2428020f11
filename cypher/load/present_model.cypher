// Which models are in the graph that were there before a moment and are not marked as deleted?
// params:
//   before: datetime = null - the moment; models of unknown age count as older
//   author: string = null - only this author's
// returns:
//   author: string - an author, null for models without one
//   ids: list - the author's models
MATCH (m:Model)
WHERE m.deletedAt IS NULL AND (m.createdAt IS NULL OR m.createdAt < $before) AND ($author IS NULL OR m.author = $author)
RETURN m.author AS author, collect(m.id) AS ids
