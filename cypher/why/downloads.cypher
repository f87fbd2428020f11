// How much is a model downloaded, and what does the control of popularity make of that?
// params:
//   b: string = "google-bert/bert-base-uncased" - the model
//   middle: float = 10.0 - the mean logarithm of the downloads of the models that it was compared with
//   unit: float = 0.1 - what one more in that logarithm takes from the score
// returns:
//   downloads: integer - in the last month
//   popularity: float - their logarithm
//   share: float - what that adds to the score
MATCH (b:Model {id: $b})
RETURN b.downloads AS downloads, log(1.0 + b.downloads) AS popularity, $unit * ($middle - log(1.0 + b.downloads)) AS share
