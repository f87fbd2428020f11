// What do all models say that decides which of them can be recommended beside each other?
// returns:
//   id: string - the model
//   author: string - its owner
//   title: string - its name
//   nameKey: string - its name without format
//   relation: string - how it was made from its base
//   library: string - what loads it
//   modelType: string - the type of its network
//   downloads: integer - of the last month
//   likes: integer - how many like it
//   tasks: list - names of its tasks
//   baseTasks: list - names of the tasks of its bases
//   languages: list - codes of its languages
MATCH (m:Model)
RETURN m.id AS id, m.author AS author, m.title AS title, m.nameKey AS nameKey, m.relation AS relation,
  m.library AS library, m.modelType AS modelType, m.downloads AS downloads, m.likes AS likes,
  [(m)-[:FOR_TASK]->(task:Task) | task.name] AS tasks,
  [(m)-[:BASED_ON]->(:Model)-[:FOR_TASK]->(task:Task) | task.name] AS baseTasks,
  [(m)-[:IN_LANGUAGE]->(language:Language) | language.name] AS languages
