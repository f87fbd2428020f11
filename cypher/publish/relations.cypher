// How models were made from their bases, where the relation is known.
// returns:
//   child: string - the model
//   base: string - what it was made from
//   relation: string - finetune, adapter, quantized, merge or unknown
MATCH (c:Model)-[r:BASED_ON]->(b:Model)
RETURN c.id AS child, b.id AS base, r.relation AS relation
