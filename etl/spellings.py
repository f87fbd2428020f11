"""One spelling for what the Hub writes in many ways: licences, libraries and tasks.

Each function gives the Hub's own identifier, or the name in lower case where it is not known. What differs only in
case, spaces and punctuation needs no entry here: names are compared by their letters and digits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from etl import vocabulary

_FILLER = re.compile(r"\b(?:the|licen[cs]e[ds]?|version|agreement|v(?=\.?\s?\d))", re.I)
_NO_SIGN = re.compile(r"[^a-z0-9+]+")
_SEVERAL = re.compile(r"\s*[,;|]\s*|\s+and\s+")

LICENSES = vocabulary.words(
    """
    apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m
    afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5
    cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0
    cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0
    cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0
    lgpl lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0 odc-by odbl
    openmdw-1.0 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license llama2
    llama3 llama3.1 llama3.2 llama3.3 llama4 fair-noncommercial-research-license gemma grok2-community other
    """
)
_LICENSE_ALIASES = {
    "apache": "apache-2.0",
    "apache2": "apache-2.0",
    "apachesoftware20": "apache-2.0",
    "asl20": "apache-2.0",
    "al20": "apache-2.0",
    "expat": "mit",
    "bsd2": "bsd-2-clause",
    "bsd3": "bsd-3-clause",
    "newbsd": "bsd-3-clause",
    "modifiedbsd": "bsd-3-clause",
    "boost": "bsl-1.0",
    "cc0": "cc0-1.0",
    "ccby4": "cc-by-4.0",
    "ccbysa4": "cc-by-sa-4.0",
    "ccbync4": "cc-by-nc-4.0",
    "ccbyncsa4": "cc-by-nc-sa-4.0",
    "ccbyncnd4": "cc-by-nc-nd-4.0",
    "creativecommons": "cc",
    "creativeml": "creativeml-openrail-m",
    "creativemlopenrail": "creativeml-openrail-m",
    "bigscienceopenrail": "bigscience-openrail-m",
    "bigcodeopenrail": "bigcode-openrail-m",
    "bigsciencerail10": "bigscience-bloom-rail-1.0",
    "bloomrail10": "bigscience-bloom-rail-1.0",
    "gpl2": "gpl-2.0",
    "gpl3": "gpl-3.0",
    "gnugpl3": "gpl-3.0",
    "gnugpl30": "gpl-3.0",
    "agpl": "agpl-3.0",
    "agpl3": "agpl-3.0",
    "lgpl3": "lgpl-3.0",
    "mpl2": "mpl-2.0",
    "mozillapublic20": "mpl-2.0",
    "eupl": "eupl-1.2",
    "llama2community": "llama2",
    "metallama2": "llama2",
    "metallama2community": "llama2",
    "llama3community": "llama3",
    "metallama3": "llama3",
    "metallama3community": "llama3",
    "llama31community": "llama3.1",
    "metallama31community": "llama3.1",
    "llama32community": "llama3.2",
    "llama33community": "llama3.3",
    "llama4community": "llama4",
    "gemmatermsofuse": "gemma",
    "tongyiqianwen": "tongyi-qianwen",
    "tongyiqianwenresearch": "tongyi-qianwen-research",
    "deepseek": "deepseek",
    "yi": "yi-license",
}

_LIBRARY_ALIASES = {
    "transformer": "transformers",
    "hftransformers": "transformers",
    "huggingfacetransformers": "transformers",
    "sentencetransformer": "sentence-transformers",
    "sbert": "sentence-transformers",
    "sb3": "stable-baselines3",
    "scikitlearn": "sklearn",
    "torch": "pytorch",
    "tf": "tensorflow",
    "tensorflow2": "tensorflow",
    "tensorflowkeras": "tf-keras",
    "keras3": "keras",
    "adapters": "adapter-transformers",
    "adapterhub": "adapter-transformers",
    "mlagent": "ml-agents",
    "unitymlagents": "ml-agents",
    "nvidianemo": "nemo",
    "nemotoolkit": "nemo",
    "pyannote": "pyannote-audio",
    "openclip": "open_clip",
    "llamacpp": "llama.cpp",
    "llamacpppython": "llama.cpp",
    "transformerjs": "transformers.js",
    "exllama2": "exllamav2",
    "kerasnlp": "keras-nlp",
    "kerashub": "keras-hub",
    "pytorchlightning": "pytorch-lightning",
    "spacyexplosion": "spacy",
    "mlc": "mlc-llm",
    "paddle": "paddlepaddle",
    "pytorchimagemodels": "timm",
}

_TASK_ALIASES = {
    "conversational": "text-generation",
    "textgen": "text-generation",
    "causallm": "text-generation",
    "languagemodeling": "text-generation",
    "text2text": "text2text-generation",
    "seq2seq": "text2text-generation",
    "maskedlm": "fill-mask",
    "maskedlanguagemodeling": "fill-mask",
    "sentimentanalysis": "text-classification",
    "sequenceclassification": "text-classification",
    "ner": "token-classification",
    "namedentityrecognition": "token-classification",
    "qa": "question-answering",
    "summarisation": "summarization",
    "textsummarization": "summarization",
    "machinetranslation": "translation",
    "zeroshot": "zero-shot-classification",
    "semanticsimilarity": "sentence-similarity",
    "asr": "automatic-speech-recognition",
    "speechrecognition": "automatic-speech-recognition",
    "speechtotext": "automatic-speech-recognition",
    "tts": "text-to-speech",
    "speechsynthesis": "text-to-speech",
    "imagecaptioning": "image-to-text",
    "texttoimagegeneration": "text-to-image",
    "vqa": "visual-question-answering",
    "structureddataclassification": "tabular-classification",
    "reranking": "text-ranking",
    "timeseriesprediction": "time-series-forecasting",
}


def _key(name: str) -> str:
    return _NO_SIGN.sub("", name)


def _license_key(name: str) -> str:
    return re.sub(r"v(?=\d)", "", _key(_FILLER.sub(" ", name.replace("_", " "))))


_LICENSE_KEYS = {**{_license_key(name): name for name in sorted(LICENSES)}, **_LICENSE_ALIASES}
_LIBRARY_KEYS = {**{_key(name): name for name in vocabulary.LIBRARIES}, **_LIBRARY_ALIASES}
_TASK_KEYS = {**{_key(name): name for name in sorted(vocabulary.TASKS)}, **_TASK_ALIASES}


@lru_cache(maxsize=2**12)
def license_name(name: str) -> str:
    """ "Apache License, Version 2.0" → "apache-2.0"; the last part of an address is its name."""
    lower = name.lower()
    if lower in LICENSES:
        return lower
    if "://" in lower:
        lower = lower.split("://", 1)[1].rstrip("/").rsplit("/", 1)[-1].removesuffix(".html").removesuffix(".txt")
    return _LICENSE_KEYS.get(_license_key(lower), name.lower())


@lru_cache(maxsize=2**12)
def library(name: str) -> tuple[str | None, bool]:
    """ "Sentence_Transformers" → "sentence-transformers", and whether further libraries were named beside the one.

    None for an address.
    """
    lower = name.lower()
    if "://" in lower:
        return None, False
    known = _LIBRARY_KEYS.get(_key(lower))
    if known:
        return known, False
    named = [part for part in _SEVERAL.split(lower) if part]
    if len(named) == 1:
        # Spaces part libraries too, but only where the words are libraries: "stable diffusion" is one name.
        words = lower.split()
        named = words if len(words) > 1 and all(_key(word) in _LIBRARY_KEYS for word in words) else named
    first = named[0] if named else lower
    return _LIBRARY_KEYS.get(_key(first), first), len(named) > 1


@lru_cache(maxsize=2**12)
def task(name: str) -> str:
    """ "Text Generation" and "text_generation" → "text-generation"; names of old → the ones of today."""
    lower = name.lower()
    return lower if lower in vocabulary.TASKS else _TASK_KEYS.get(_key(lower), lower)


@lru_cache(maxsize=2**14)
def task_of_tag(tag: str) -> str | None:
    """The task that a plain tag names, spaces and underscores aside; old names are topics, too, and do not count."""
    if tag in vocabulary.TASKS:
        return tag
    joined = tag.replace(" ", "-").replace("_", "-")
    return joined if joined in vocabulary.TASKS else None
