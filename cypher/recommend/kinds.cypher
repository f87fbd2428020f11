// What do some models say that decides which of them can be recommended beside each other?
// params:
//   ids: list = ["google-bert/bert-base-uncased"] - the models
// returns:
//   id: string - the model
//   author: string - its owner
//   title: string - its name
//   nameKey: string - its name without format
//   relation: string - how it was made from its base
//   downloads: integer - of the last month
//   likes: integer - how many like it
//   likelyTask: string - where it says no task, the one that all else that is known of it tells
//   tasks: list - names of its tasks
//   languages: list - codes of its languages
MATCH (m:Model) WHERE m.id IN $ids
RETURN m.id AS id, m.author AS author, m.title AS title, m.nameKey AS nameKey, m.relation AS relation, m.downloads AS downloads, m.likes AS likes,
  m.likelyTask AS likelyTask,
  [(m)-[:FOR_TASK]->(task:Task) | task.name] AS tasks, [(m)-[:IN_LANGUAGE]->(language:Language) | language.name] AS languages
