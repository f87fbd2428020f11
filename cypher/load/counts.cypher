// Write models' downloads, likes and trend, and when they were changed last; the rest of them is as it was.
// params:
//   rows: list = [] - maps of an id, the four and the hash of the whole
UNWIND $rows AS row
MATCH (m:Model {id: row.id})
SET m.downloads = row.downloads, m.likes = row.likes, m.trendingScore = row.trendingScore,
  m.lastModified = row.lastModified, m.contentHash = row.hash
