"""Well-known models and datasets that moved to an owner's name: old id → id of today. Old ids live on as aliases."""

from __future__ import annotations


def _moved(owner: str, names: str) -> dict[str, str]:
    return {name: f"{owner}/{name}" for name in names.split()}


MODELS: dict[str, str] = {
    **_moved(
        "google-bert",
        "bert-base-uncased bert-base-cased bert-large-uncased bert-large-cased bert-base-chinese "
        "bert-base-german-cased bert-base-german-dbmdz-cased bert-base-german-dbmdz-uncased "
        "bert-base-multilingual-cased bert-base-multilingual-uncased bert-base-cased-finetuned-mrpc "
        "bert-large-uncased-whole-word-masking bert-large-cased-whole-word-masking "
        "bert-large-uncased-whole-word-masking-finetuned-squad bert-large-cased-whole-word-masking-finetuned-squad",
    ),
    **_moved(
        "distilbert",
        "distilbert-base-uncased distilbert-base-cased distilbert-base-multilingual-cased distilbert-base-german-cased "
        "distilbert-base-uncased-distilled-squad distilbert-base-cased-distilled-squad "
        "distilbert-base-uncased-finetuned-sst-2-english distilroberta-base distilgpt2",
    ),
    **_moved(
        "FacebookAI",
        "roberta-base roberta-large roberta-large-mnli xlm-roberta-base xlm-roberta-large "
        "xlm-roberta-large-finetuned-conll03-english xlm-roberta-large-finetuned-conll03-german "
        "xlm-roberta-large-finetuned-conll02-dutch xlm-roberta-large-finetuned-conll02-spanish "
        "xlm-mlm-en-2048 xlm-mlm-100-1280 xlm-mlm-17-1280 xlm-mlm-ende-1024 xlm-mlm-enfr-1024 xlm-mlm-enro-1024 "
        "xlm-mlm-tlm-xnli15-1024 xlm-mlm-xnli15-1024 xlm-clm-ende-1024 xlm-clm-enfr-1024",
    ),
    **_moved("openai-community", "gpt2 gpt2-medium gpt2-large gpt2-xl openai-gpt"),
    **_moved("openai-community", "roberta-base-openai-detector roberta-large-openai-detector"),
    **_moved("google-t5", "t5-small t5-base t5-large t5-3b t5-11b"),
    **_moved(
        "albert",
        "albert-base-v1 albert-base-v2 albert-large-v1 albert-large-v2 albert-xlarge-v1 albert-xlarge-v2 "
        "albert-xxlarge-v1 albert-xxlarge-v2",
    ),
    **_moved("xlnet", "xlnet-base-cased xlnet-large-cased"),
    **_moved("almanach", "camembert-base"),
    **_moved("transfo-xl", "transfo-xl-wt103"),
    "ctrl": "Salesforce/ctrl",
    "camembert/camembert-base": "almanach/camembert-base",
    "openai/gpt2": "openai-community/gpt2",
    "runwayml/stable-diffusion-v1-5": "stable-diffusion-v1-5/stable-diffusion-v1-5",
    "runwayml/stable-diffusion-inpainting": "stable-diffusion-v1-5/stable-diffusion-inpainting",
    "meta-llama/Meta-Llama-3.1-8B": "meta-llama/Llama-3.1-8B",
    "meta-llama/Meta-Llama-3.1-8B-Instruct": "meta-llama/Llama-3.1-8B-Instruct",
    "meta-llama/Meta-Llama-3.1-70B": "meta-llama/Llama-3.1-70B",
    "meta-llama/Meta-Llama-3.1-70B-Instruct": "meta-llama/Llama-3.1-70B-Instruct",
    "decapoda-research/llama-7b-hf": "huggyllama/llama-7b",
    "decapoda-research/llama-13b-hf": "huggyllama/llama-13b",
}

DATASETS: dict[str, str] = {
    **_moved("allenai", "c4 sciq scitail openbookqa winogrande qasc ai2_arc"),
    **_moved("cardiffnlp", "tweet_eval"),
    **_moved("cornell-movie-review-data", "rotten_tomatoes"),
    **_moved("dair-ai", "emotion"),
    **_moved("fancyzhx", "ag_news dbpedia_14 amazon_polarity yelp_polarity"),
    **_moved("EdinburghNLP", "xsum"),
    **_moved("abisee", "cnn_dailymail"),
    **_moved("google", "xtreme fleurs wiki40b"),
    **_moved("google-research-datasets", "paws paws-x tydiqa natural_questions conceptual_captions"),
    **_moved("facebook", "multilingual_librispeech voxpopuli flores xnli"),
    **_moved("legacy-datasets", "wikipedia common_voice mc4"),
    **_moved("nyu-mll", "glue multi_nli blimp"),
    **_moved("openslr", "librispeech_asr"),
    **_moved("rajpurkar", "squad squad_v2"),
    **_moved("stanfordnlp", "imdb sst2 snli sentiment140"),
    **_moved("uoft-cs", "cifar10 cifar100"),
    **_moved("ylecun", "mnist"),
    **_moved("zalando-datasets", "fashion_mnist"),
    **_moved("ILSVRC", "imagenet-1k"),
    **_moved("bookcorpus", "bookcorpus"),
    **_moved("microsoft", "ms_marco"),
    **_moved("mandarjoshi", "trivia_qa"),
    **_moved("wmt", "wmt14 wmt16 wmt19"),
    **_moved("eriktks", "conll2003 conll2002"),
    **_moved("Helsinki-NLP", "kde4 opus_books"),
    **_moved("PolyAI", "minds14 banking77"),
    **_moved("mozilla-foundation", "common_voice_11_0 common_voice_13_0 common_voice_16_1 common_voice_17_0"),
    "billsum": "FiscalNote/billsum",
    "boolq": "google/boolq",
    "clinc_oos": "clinc/clinc_oos",
    "financial_phrasebank": "takala/financial_phrasebank",
    "go_emotions": "google-research-datasets/go_emotions",
    "gsm8k": "openai/gsm8k",
    "klue": "klue/klue",
    "openwebtext": "Skylion007/openwebtext",
    "opus100": "Helsinki-NLP/opus-100",
    "piqa": "ybisk/piqa",
    "swag": "allenai/swag",
    "trec": "CogComp/trec",
    "wnut_17": "leondz/wnut_17",
    "yahoo_answers_topics": "community-datasets/yahoo_answers_topics",
    "yelp_review_full": "Yelp/yelp_review_full",
    "beans": "AI-Lab-Makerere/beans",
    "food101": "ethz/food101",
    "super_glue": "aps/super_glue",
    "lambada": "cimec/lambada",
    "wikitext": "Salesforce/wikitext",
    "oscar": "oscar-corpus/oscar",
    "cc_news": "vblagoje/cc_news",
    "eli5": "defunct-datasets/eli5",
    "wikiann": "unimelb-nlp/wikiann",
}
