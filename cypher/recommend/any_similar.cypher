// Have similarities been stored by this method?
// params:
//   method: string = "cosine" - cosine or jaccard
// returns:
//   method: string - the method
MATCH (m:Model)-[link:SIMILAR_TO]->(:Model)
WHERE link.method = $method
RETURN link.method AS method
LIMIT 1
