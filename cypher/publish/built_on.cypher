// How often the bases of some models have been built on, in all and since a moment.
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
//   since: datetime = null - the moment
// returns:
//   base: string - a base of one of them
//   built_on: integer - dated models that were made from it
//   recently: integer - those of them that are younger than the moment
UNWIND $ids AS id
MATCH (:Model {id: id})-[:BASED_ON]->(b:Model)
WITH DISTINCT b
MATCH (b)<-[:BASED_ON]-(c:Model)
WHERE c.deletedAt IS NULL AND coalesce(c.createdAt, c.lastModified) IS NOT NULL
RETURN b.id AS base, count(c) AS built_on,
    sum(CASE WHEN coalesce(c.createdAt, c.lastModified) > $since THEN 1 ELSE 0 END) AS recently
