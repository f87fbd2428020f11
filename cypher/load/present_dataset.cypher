// Which datasets are in the graph that the Hub listed before a moment and that are not marked as deleted?
// params:
//   before: datetime = null - the moment; datasets of unknown age count as older
//   author: string = null - only this author's
// returns:
//   author: string - an author, null for datasets without one
//   ids: list - the author's datasets
MATCH (d:Dataset)
WHERE d.contentHash IS NOT NULL AND d.deletedAt IS NULL
  AND (d.createdAt IS NULL OR d.createdAt < $before) AND ($author IS NULL OR d.author = $author)
RETURN d.author AS author, collect(d.id) AS ids
