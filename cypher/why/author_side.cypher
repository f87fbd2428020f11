// What the network in service knows of an author and of the models it listens to for them.
// params:
//   author: string = "sentence-transformers" - the author
//   method: string = "gat" - gat or gcn
// returns:
//   row: string - run, side or facts
//   label: string - the node's label, absent of facts
//   key: string - its id or name, absent of facts
//   data: map - its vectors and numbers; of facts all, each by label, key, degree and vector
MATCH (current:Current {id: $method})
MATCH (run:Run {id: current.run})
RETURN 'run' AS row, 'Run' AS label, run.id AS key, run{.id, .slot, .form, .extended, .terms, .heads, .asOf, .models, .modelScale, .modelText, .modelWeights, .authorScale, .authorText, .authorWeights} AS data
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
WITH collect(['Model', n.id, n.builtOn, n[$method + 'Projected' + current.slot]]) AS facts
RETURN 'facts' AS row, null AS label, null AS key, {facts: facts} AS data
