// What the network in service knows of an author and of the models it listens to for them.
// params:
//   author: string = "sentence-transformers" - the author
//   method: string = "gat" - gat or gcn
// returns:
//   row: string - run, side, fact or relation
//   label: string - the node's label
//   key: string - its id or name
//   data: map - its vectors and numbers
MATCH (current:Current {id: $method})
MATCH (run:Run {id: current.run})
RETURN 'run' AS row, 'Run' AS label, run.id AS key, run{.id, .slot, .terms, .heads, .asOf, .models, .modelScale, .modelText, .modelWeights, .authorScale, .authorText, .authorWeights} AS data
UNION ALL
MATCH (current:Current {id: $method})
MATCH (m:Author {name: $author})
RETURN 'side' AS row, 'Author' AS label, m.name AS key, {embedding: m[$method + 'Embedding' + current.slot], projected: m[$method + 'Projected' + current.slot],
    neighbours: m[$method + 'Neighbours' + current.slot], attention: m[$method + 'Attention' + current.slot],
    counts: m[$method + 'Counts' + current.slot]} AS data
UNION ALL
MATCH (current:Current {id: $method})
MATCH (m:Author {name: $author})
UNWIND m[$method + 'Neighbours' + current.slot] AS neighbour
WITH DISTINCT current, split(neighbour, '|') AS parts WHERE parts[1] = 'Model'
MATCH (n:Model {id: parts[2]})
RETURN 'fact' AS row, 'Model' AS label, n.id AS key, {projected: n[$method + 'Projected' + current.slot], degree: n.builtOn} AS data
