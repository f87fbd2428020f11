// Do two models cite this paper?
// params:
//   a: string = "sentence-transformers/all-MiniLM-L6-v2" - one model
//   b: string = "sentence-transformers/all-mpnet-base-v2" - the other model
//   fact: string = "1908.10084" - the paper's arXiv id
// returns:
//   a: node - one model
//   of_a: relationship - its link
//   fact: node - what both share
//   b: node - the other model
//   of_b: relationship - its link
MATCH (a:Model {id: $a})-[of_a:CITES]->(fact:Paper) WHERE fact.arxivId = $fact
MATCH (b:Model {id: $b})-[of_b:CITES]->(same:Paper) WHERE same.arxivId = $fact
RETURN a, of_a, fact, b, of_b
