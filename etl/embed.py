"""Vectors of every model and fact: the static embedder for all, the sentence transformer for the models of a graph
that is not too large, or for the most used of a larger one. What was embedded before and has not changed is left alone.

A load takes away the hash of a text that it changes, so that only these texts are read; all are where the vectors are
another embedder's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl import cleaning, soup, transformer
from graph import stages
from graph.database import Database
from graph.stages import OnProgress
from graph.text import StaticEmbedder
from graph.types import FACT_LABELS
from graph.vectors import VectorCache

#: Graphs with more models get no sentence vectors of all: they would take hours without a GPU.
TRANSFORMER_LIMIT = 20_000
#: The stage that tells which embedder all vectors are from.
_STAGE = "text vectors"
#: Folder of the static embedder in the home.
FOLDER = "embedder"
_BATCH = 5_000
#: Vectors kept in files for each model: after that many changes those of texts that are gone go.
_KEPT = 3


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """How many vectors were written: text vectors of models and facts, sentence vectors of models."""

    models: int
    facts: int
    sentences: int

    def __str__(self) -> str:
        return f"{self.models:,} models and {self.facts:,} facts, {self.sentences:,} by the sentence transformer"


def run(
    db: Database,
    home: Path,
    *,
    transformer_limit: int = TRANSFORMER_LIMIT,
    most_used: int = 0,
    name: str = transformer.NAME,
    on_progress: OnProgress | None = None,
) -> EmbedReport:
    """Embeds what is new or changed. The embedder is distilled into `home`/embedder where it is missing; vectors are
    kept in `home`/cache by the hash of their text.

    Sentence vectors, by the transformer `name`, get all models of a graph of up to `transformer_limit`, and the
    `most_used` of a larger one.
    """
    report = on_progress or (lambda done, total, text: None)
    db.prepare("keys")  # says where vectors lie, before there are any
    report(0, None, "distilling the embedder")
    transformer.distil(home / FOLDER)
    embedder = StaticEmbedder.load(home / FOLDER)
    tag = _tag(home / FOLDER)
    report(0, None, "reading texts")
    before = stages.get(db, _STAGE)
    rows = _stale(db.stream("embed/model_texts", all=before is None or before.fingerprint != tag), tag)
    models = _write_static(db, embedder, "model", rows, report, VectorCache(home))
    stages.record(db, _STAGE, tag, 0.0, f"{models:,} written last")
    facts = 0
    for label, (_, key) in FACT_LABELS.items():
        read = db.read("embed/fact_texts", label=label, key=key)
        texts = [{**row, "text": fact_text(label, row["key"], row["description"])} for row in read]
        facts += _write_static(db, embedder, label.lower(), _stale(texts, tag), report)
    report(0, None, "indexing vectors")
    db.prepare("vectors")
    count = int(db.read("explore/count_models")[0]["models"])
    VectorCache(home).tidy(_KEPT * count)
    wanted = count if count <= transformer_limit else most_used
    sentences = _write_sentences(db, home, name, wanted, report) if wanted else 0
    return EmbedReport(models, facts, sentences)


def fact_text(label: str, key: str, description: str | None = None) -> str:
    """What is embedded of a fact: its name in words."""
    if label == "Language":
        return soup.language_words(key)
    if label == "Paper":
        return f"paper arxiv {key}"
    if label == "Architecture":
        return cleaning.plain(cleaning.split_words(key))
    return f"{cleaning.plain(key)} {cleaning.plain(description or '')}".strip()


def _tag(folder: Path) -> str:
    """Names one embedder: vectors of another are stale."""
    return hashlib.blake2b((folder / "model.safetensors").read_bytes(), digest_size=8).hexdigest()


def _stale(rows: Iterable[dict[str, Any]], tag: str) -> list[dict[str, Any]]:
    """The rows whose text is not what their vector was made from, each with the hash of that text."""
    hashed = (
        {**row, "hash": hashlib.blake2b(f"{tag}\0{row['text']}".encode(), digest_size=16).hexdigest()} for row in rows
    )
    return [row for row in hashed if row["textHash"] != row["hash"]]


def _write_static(
    db: Database,
    embedder: StaticEmbedder,
    name: str,
    rows: Sequence[dict[str, Any]],
    report: OnProgress,
    cache: VectorCache | None = None,
) -> int:
    def vectors() -> Iterator[dict[str, Any]]:
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            report(start, len(rows), f"texts of {name} nodes")
            encoded = embedder.encode([row["text"] for row in part])
            if cache:
                cache.add([row["hash"] for row in part], encoded)
            for row, vector in zip(part, encoded, strict=True):
                yield {"key": row["key"], "vector": vector.tolist(), "hash": row["hash"]}

    return db.write_rows(f"embed/{name}", vectors())


def _write_sentences(db: Database, home: Path, name: str, wanted: int, report: OnProgress) -> int:
    rows = [
        {**row, "hash": transformer.text_hash(row["text"], name)}
        for row in db.stream("embed/sentence_texts", limit=wanted)
    ]
    stale = [row for row in rows if row["sentenceHash"] != row["hash"]]
    if not stale:
        return 0
    cache = VectorCache(home, "sentenceEmbedding")
    texts = [row["text"] for row in stale]
    transformer.fill(cache, texts, name, lambda done, total: report(done, total, "sentences"))
    vectors, _ = cache.gather([row["hash"] for row in stale])
    return db.write_rows(
        "embed/sentence",
        (
            {"key": row["key"], "vector": vector.tolist(), "hash": row["hash"]}
            for row, vector in zip(stale, vectors, strict=True)
        ),
    )
