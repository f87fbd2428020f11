"""SIMILAR_TO: for every model those with the nearest texts (cosine) and the most facts in common (weighted Jaccard)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from etl.neighbours import Found, by_cosine, by_jaccard
from graph.database import Database
from graph.errors import NotBuilt
from graph.similarity import fact_weight
from graph.stages import OnProgress
from graph.types import FACT_LABELS, FloatArray, IntArray

#: How many neighbours a model of a graph of up to `SMALL` models has; in a larger one the most used have fewer, and the
#: rest fewer still.
NEIGHBOURS, SMALL = 20, 20_000
MOST_USED, MOST_USED_NEIGHBOURS, OTHER_NEIGHBOURS = 100_000, 10, 3
_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class SimilarReport:
    """How many links were written by each method, and from which vectors the cosine comes."""

    cosine: int
    jaccard: int
    vectors: str

    def __str__(self) -> str:
        return f"{self.cosine:,} links by cosine of {self.vectors}, {self.jaccard:,} by Jaccard index"


def run(db: Database, *, on_progress: OnProgress | None = None) -> SimilarReport:
    """Links every model to its most similar ones, by each method; links of before are replaced.

    Raises NotBuilt where models have no text vectors.
    """
    report = on_progress or (lambda done, total, text: None)
    ids, units, name = _vectors(db)
    kept = how_many(len(ids))
    cosine = _write(db, "cosine", ids, by_cosine(units, kept), report)
    del units
    facts, weights = _facts(db, ids)
    return SimilarReport(cosine, _write(db, "jaccard", ids, by_jaccard(facts, weights, kept), report), name)


def how_many(models: int) -> IntArray:
    """How many neighbours each of `models` models gets, the most used first."""
    if models <= SMALL:
        return np.full(models, NEIGHBOURS, dtype=np.int64)
    return np.where(np.arange(models) < MOST_USED, MOST_USED_NEIGHBOURS, OTHER_NEIGHBOURS).astype(np.int64)


def _vectors(db: Database) -> tuple[list[str], FloatArray, str]:
    """Ids, the most downloaded first, and their vectors: sentence vectors where every model has one, else text ones."""
    models = int(db.read("explore/count_models")[0]["models"])
    for name in ("sentenceEmbedding", "textEmbedding"):
        ids: list[str] = []
        downloads: list[int] = []
        vectors: FloatArray = np.zeros((0, 0), dtype=np.float32)
        missing = 0
        for row in db.stream("similar/vectors", property=name):
            if row["vector"] is None:
                missing += 1
                if name == "sentenceEmbedding":
                    break
                continue
            if not ids:
                vectors = np.zeros((models, len(row["vector"])), dtype=np.float32)
            vectors[len(ids)] = row["vector"]
            ids.append(row["id"])
            downloads.append(row["downloads"])
        if ids and not missing:
            break
    else:
        raise NotBuilt(f"{missing} of {models} models have no text vector.", "Run: hfmrs build --only embed")
    order = sorted(range(len(ids)), key=lambda i: (-downloads[i], ids[i]))
    units = vectors[order]
    units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), 1e-12)
    return [ids[i] for i in order], units, "sentence vectors" if name == "sentenceEmbedding" else "text vectors"


def _facts(db: Database, ids: list[str]) -> tuple[sparse.csr_matrix, FloatArray]:
    """(models, facts) ones and zeros: who links to what, the author left out; and what each fact weighs."""
    index = {id_: number for number, id_ in enumerate(ids)}
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for label, (_, key) in FACT_LABELS.items():
        if label == "Author":
            continue
        degrees = {row["key"]: row["degree"] for row in db.read("publish/degrees", label=label, key=key)}
        for row in sorted(db.stream(f"export/links/{label}"), key=lambda row: str(row["key"])):
            members = [index[id_] for id_ in row["models"] if id_ in index]
            rows.extend(members)
            columns.extend([len(weights)] * len(members))
            weights.append(fact_weight(int(degrees.get(row["key"]) or len(members)), len(ids)))
    ones = np.ones(len(rows), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, (rows, columns)), shape=(len(ids), max(len(weights), 1)))
    return matrix, np.array(weights or [1.0], dtype=np.float32)


def _write(db: Database, method: str, ids: list[str], found: Found, report: OnProgress) -> int:
    """Replaces the links of one method and says how many there are now."""
    if db.read("recommend/any_similar", method=method):
        db.write_rows("similar/clear", ({"id": id_} for id_ in ids), method=method)
    links = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal links
        for model, others, scores in found:
            links += len(others)
            if model % _TOLD == 0:
                report(model, len(ids), method)
            pairs = zip(others.tolist(), scores.tolist(), strict=True)
            ranked = ({"id": ids[o], "score": round(s, 6), "rank": rank} for rank, (o, s) in enumerate(pairs, 1))
            yield {"id": ids[model], "links": list(ranked)}

    db.write_rows("similar/link", rows(), method=method)
    return links
