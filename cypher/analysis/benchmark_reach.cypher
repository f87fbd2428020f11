// How many models were trained on benchmarks, and how many more were made from these?
// params:
//   benchmarks: list = ["nyu-mll/glue", "rajpurkar/squad", "stanfordnlp/imdb", "cais/mmlu", "openai/gsm8k", "Rowan/hellaswag", "allenai/ai2_arc", "truthfulqa/truthful_qa", "ILSVRC/imagenet-1k", "openslr/librispeech_asr"] - datasets by which models are judged
// returns:
//   benchmark: string - one of them
//   models: integer - models that name it
//   made_from_them: integer - links by which other models were made directly from these
//   downloads: integer - of the models that name it
UNWIND $benchmarks AS id
MATCH (d:Dataset {id: id})<-[:TRAINED_ON]-(m:Model)
WHERE m.deletedAt IS NULL
RETURN d.id AS benchmark, count(*) AS models, sum(m.builtOn) AS made_from_them, sum(coalesce(m.downloads, 0)) AS downloads
ORDER BY models DESC, benchmark
