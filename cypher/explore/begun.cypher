// Which models' names begin with a text? Some of them.
// params:
//   begin: string = "bert-base" - lower case
//   end: string = "bert-base\uffff" - what no such name comes after
//   limit: integer = 50 - how many
// returns:
//   id: string - the model
//   downloads: integer - its downloads
MATCH (m:Model) WHERE m.nameKey >= $begin AND m.nameKey < $end AND m.deletedAt IS NULL
RETURN m.id AS id, m.downloads AS downloads
LIMIT $limit
