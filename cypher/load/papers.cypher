// Write what the Hub says of papers that models cite.
// params:
//   rows: list = [] - maps of an arXiv number, a title, when it was published and its upvotes
UNWIND $rows AS row
MATCH (p:Paper {arxivId: row.id})
SET p.title = row.title, p.publishedAt = row.publishedAt, p.upvotes = row.upvotes
