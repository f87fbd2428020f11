// Which models does a network recommend for some models: those that come into question, best first, and what is stored?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
//   method: string = "gat" - gat or gcn
//   each: integer = 40 - how many of each, at most
// returns:
//   asked: string - one of the models
//   id: string - a model that comes into question beside it
//   task: string - its task
//   license: string - its licence
//   downloads: integer - how often it was fetched in the last month
//   score: float - its score, where that was stored when the run was published
//   rank: integer - its place in what was stored
MATCH (current:Current {id: $method})
UNWIND $ids AS asked
MATCH (m:Model {id: asked})
UNWIND m[$method + 'Nearest' + current.slot][0..$each] AS id
WITH DISTINCT asked, id, current.run AS run
MATCH (b:Model {id: id}) WHERE b.deletedAt IS NULL
OPTIONAL MATCH (m:Model {id: asked})-[link:RECOMMENDS]->(b) WHERE link.method = $method AND link.run = run
RETURN asked, b.id AS id, b.task AS task, b.license AS license, b.downloads AS downloads, link.score AS score, link.rank AS rank
