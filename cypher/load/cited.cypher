// Which papers do models cite, those cited most first?
// returns:
//   id: string - a paper's arXiv number
MATCH (p:Paper)
RETURN p.arxivId AS id
ORDER BY coalesce(p.degree, 0) DESC, id
