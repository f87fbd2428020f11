"""A hundred searches of four kinds by a server that has just started: each once, then each again."""

from __future__ import annotations

import time
import urllib.parse
import urllib.request
from pathlib import Path

import click

from benchmarks.build import CSV
from benchmarks.common import built_home, run, shared
from benchmarks.options import table
from benchmarks.server import serving

QUERIES = {
    "words": """
        sentence similarity in German
        bert german
        stable diffusion lora
        speech recognition for swahili
        llama 3 gguf
        tiny vision
        mistral instruct
        whisper small
        translate english to french
        named entities in medical text
        detect objects in photos
        small chat model
        code completion python
        summarise long documents
        question answering over tables
        music generation
        text to speech female voice
        anime style images
        embedding model for retrieval
        reranker cross encoder
        zero shot classification
        sentiment of tweets
        protein language model
        depth from one image
        segment anything
        roberta large
        qwen2 7b
        gemma
        phi-3 mini
        deberta
        clip vit
        wav2vec2 hindi
        toxic comments
        japanese
        legal contracts
        google/gemma-7b
        mixtral 8x7b awq
        controlnet canny
        time series forecasting
        reinforcement learning lunar lander
    """,
    "mistyped": """
        mistrl
        sentance similarity
        wisper small
        stable difusion
        multilingaul embeddings
        trasnlate german
        robetra base
        speach recognition
        sumarization
        gemna instruct
    """,
    "words and filters": """
        mistral license:apache-2.0
        bert language:de
        whisper language:sw
        chat size:<3B
        chat size:<3B license:mit language:fr
        llama kind:quantized library:gguf
        llama kind:merge size:7B
        sentiment task:text-classification language:es
        embedding task:sentence-similarity size:<100M
        vision license:mit created:>2023
        code author:bigcode
        instruct author:google size:<10B
        gemma base:google/gemma-7b
        lora kind:adapter base:mistralai/Mistral-7B-v0.1
        speech task:automatic-speech-recognition language:yo
        image library:timm license:apache-2.0
        medical card:yes kind:finetune
        translation language:is
        mistral name:mistral-7b-instruct-v0.2
        anime task:text-to-image created:2023
        news task:summarization language:de license:mit
        legal language:pt
        robot task:robotics
        tabular task:tabular-classification
        protein license:cc-by-4.0
    """,
    "filters": """
        task:fill-mask
        task:text-generation license:mit
        task:text-generation license:mit language:de
        language:sw
        language:en license:gpl-3.0
        library:gguf size:<3B
        kind:merge
        kind:adapter language:fr
        size:>30B license:apache-2.0
        size:<100M task:text-generation
        author:google
        author:TheBloke kind:quantized
        base:google-bert/bert-base-uncased
        base:mistralai/Mistral-7B-v0.1 kind:merge
        created:2022 task:translation
        created:>2024-06
        card:no task:text-to-image
        library:diffusers license:openrail
        task:robotics
        name:llama-2-7b-chat
        license:cc-by-nc-4.0 size:<1B
        language:ja kind:original size:<8B
        task:image-classification library:timm
        task:reinforcement-learning
        library:sentence-transformers language:de license:mit
    """,
}
_NOTHING = (None, None, None)
SORTS = ("relevance", "downloads", "likes", "newest", "trending")


@click.command("search")
@click.option("--home", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A home that is built.")
@click.option("--each", is_flag=True, help="Tell the milliseconds of every query.")
def main(home: Path | None, each: bool) -> None:
    """The page of a hundred searches, a first time and again, and suggestions for what is being typed."""
    if home is not None:
        with serving(home, "serve") as address:
            _measure(address, each)
        return
    file = shared(CSV)
    with built_home() as made:
        if file is not None:
            run(made, "load", str(file))
            run(made, "build")
        with serving(made, "serve" if file else "demo", *(() if file else ("--no-open",))) as address:
            _measure(address, each)


def _measure(address: str, every: bool) -> None:
    rows: list[tuple[object, ...]] = []
    for kind, text in QUERIES.items():
        queries = [line.strip() for line in text.strip().splitlines()]
        # Sorted in every way in turn, so that no order is measured on one kind of query alone.
        asked = [{"q": query, "sort": SORTS[n % len(SORTS)]} for n, query in enumerate(queries)]
        first = [_timed(address, "search", each) for each in asked]
        again = [_timed(address, "search", each) for each in asked]
        rows.append((kind, len(queries), *_three(first), *_three(again)))
        if every:
            for each, seconds in zip(asked, first, strict=True):
                print(f"{1000 * seconds:7.0f} ms  {each['q']}  ({each['sort']})", flush=True)
    typed = [line.strip()[:n] for line in QUERIES["words"].strip().splitlines() for n in (2, 4, 7)]
    rows.append(
        (
            "suggestions",
            len(typed),
            *_three([_timed(address, "search/suggestions", {"q": q}) for q in typed]),
            *_NOTHING,
        )
    )
    columns = ("searches", "queries", "median", "95 %", "99 %", "again: median", "95 %", "99 %")
    table("search: milliseconds", columns, rows)


def _three(seconds: list[float]) -> tuple[int, int, int]:
    ordered = sorted(1000 * each for each in seconds)
    half, most, nearly = (ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95, 0.99))
    return round(half), round(most), round(nearly)


def _timed(address: str, endpoint: str, query: dict[str, str]) -> float:
    begun = time.perf_counter()
    with urllib.request.urlopen(f"{address}/{endpoint}?{urllib.parse.urlencode(query)}", timeout=60) as answer:
        answer.read()
    return time.perf_counter() - begun
