// Which labels do nodes have?
// returns:
//   label: string - a label
CALL db.labels() YIELD label
RETURN label ORDER BY label
