"""SIMILAR_TO: the most similar models of every model, by the cosine of their texts and by the Jaccard index of their
facts (all but the author). Exact for graphs of up to `EXACT_LIMIT` models; above, an index proposes candidates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from graph.database import Database
from graph.errors import NotBuilt
from graph.stages import OnProgress
from graph.types import FACT_LABELS, FloatArray, IntArray

NEIGHBOURS = 20
EXACT_LIMIT = 20_000
#: Candidates of the index for each of the neighbours that are kept.
_PER_NEIGHBOUR = 4
_CHUNK = 500
#: Bits into which a model's facts are folded for the index; the score is always that of the facts themselves.
_BITS = 2_048

#: A chunk of models: their indices, and for each the indices and scores of its neighbours, best first.
Found = Iterator[tuple[int, IntArray, FloatArray]]


@dataclass(frozen=True, slots=True)
class SimilarReport:
    """How many links were written by each method, and from which vectors the cosine comes."""

    cosine: int
    jaccard: int
    vectors: str

    def __str__(self) -> str:
        return f"{self.cosine:,} links by cosine of {self.vectors}, {self.jaccard:,} by Jaccard index"


def run(db: Database, *, exact_limit: int = EXACT_LIMIT, on_progress: OnProgress | None = None) -> SimilarReport:
    """Links every model to its 20 most similar ones, by each method; links of before are replaced.

    Raises NotBuilt where models have no text vectors.
    """
    report = on_progress or (lambda done, total, text: None)
    ids, units, name = _vectors(db)
    exact = len(ids) <= exact_limit
    found = by_cosine(units) if exact else _by_index(units)
    cosine = _write(db, "cosine", ids, found, report)
    facts = _facts(db, ids)
    found = by_jaccard(facts) if exact else _by_folded_index(facts)
    return SimilarReport(cosine, _write(db, "jaccard", ids, found, report), name)


def by_cosine(units: FloatArray) -> Found:
    """The neighbours of every row of `units` (models, d), whose rows have length one."""
    for start in range(0, len(units), _CHUNK):
        scores = units[start : start + _CHUNK] @ units.T
        yield from _best(start, scores)


def by_jaccard(facts: sparse.csr_matrix) -> Found:
    """The neighbours of every row of `facts` (models, facts), ones and zeros."""
    sizes = np.asarray(facts.sum(axis=1)).ravel()
    transposed = facts.T.tocsc().tocsr()
    for start in range(0, facts.shape[0], _CHUNK):
        shared = (facts[start : start + _CHUNK] @ transposed).toarray()
        either = sizes[start : start + _CHUNK, None] + sizes[None, :] - shared
        yield from _best(start, shared / np.maximum(either, 1))


def _best(start: int, scores: npt.NDArray[np.floating[Any]]) -> Found:
    """The best of each row; among equals the first, that is the most downloaded."""
    rows = np.arange(len(scores))
    scores[rows, start + rows] = -1.0
    kept = min(NEIGHBOURS, scores.shape[1])
    limits = np.partition(scores, scores.shape[1] - kept, axis=1)[:, scores.shape[1] - kept]
    for row, limit in enumerate(limits):
        candidates = np.flatnonzero((scores[row] >= limit) & (scores[row] > 0))
        yield start + row, *_sorted(candidates, scores[row][candidates])


def _sorted(candidates: IntArray, scores: npt.NDArray[np.floating[Any]]) -> tuple[IntArray, FloatArray]:
    order = np.lexsort((candidates, -scores))[:NEIGHBOURS]
    return candidates[order], scores[order].astype(np.float32)


def _by_index(units: FloatArray) -> Found:
    from usearch.index import Index

    index = Index(ndim=units.shape[1], metric="cos", dtype="f16")
    index.add(np.arange(len(units)), units)
    for start in range(0, len(units), _CHUNK):
        matches = index.search(units[start : start + _CHUNK], NEIGHBOURS * 2)
        for row, keys in enumerate(np.atleast_2d(matches.keys)):
            model = start + row
            others = keys[keys != model].astype(np.int64)
            scores = units[others] @ units[model]
            yield model, *_sorted(others[scores > 0], scores[scores > 0])


def _by_folded_index(facts: sparse.csr_matrix) -> Found:
    from usearch.index import Index

    count = facts.shape[0]
    sizes = np.asarray(facts.sum(axis=1)).ravel()
    index = Index(ndim=_BITS, metric="tanimoto", dtype="b1")
    for start in range(0, count, _CHUNK):
        index.add(np.arange(start, min(start + _CHUNK, count)), _folded(facts[start : start + _CHUNK]))
    for start in range(0, count, _CHUNK):
        matches = index.search(_folded(facts[start : start + _CHUNK]), NEIGHBOURS * _PER_NEIGHBOUR)
        for row, keys in enumerate(np.atleast_2d(matches.keys)):
            model = start + row
            others = keys[keys != model].astype(np.int64)
            shared = np.asarray((facts[others] @ facts[model].T).todense()).ravel()
            scores = shared / np.maximum(sizes[others] + sizes[model] - shared, 1)
            yield model, *_sorted(others[scores > 0], scores[scores > 0])


def _folded(facts: sparse.csr_matrix) -> npt.NDArray[np.uint8]:
    """Each row's facts as bits: fact number modulo `_BITS`."""
    bits = np.zeros((facts.shape[0], _BITS), dtype=np.uint8)
    rows, columns = facts.nonzero()
    bits[rows, columns % _BITS] = 1
    return np.packbits(bits, axis=1)


def _vectors(db: Database) -> tuple[list[str], FloatArray, str]:
    """Ids, the most downloaded first, and their vectors: sentence vectors where every model has one, else text ones."""
    for name in ("sentenceEmbedding", "textEmbedding"):
        rows = db.read("similar/vectors", property=name)
        if rows and all(row["vector"] for row in rows):
            break
    else:
        missing = sum(1 for row in rows if not row["vector"])
        raise NotBuilt(f"{missing} of {len(rows)} models have no text vector.", "Run: hfmrs build --only embed")
    rows.sort(key=lambda row: (-row["downloads"], row["id"]))
    vectors = np.array([row["vector"] for row in rows], dtype=np.float32)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return [row["id"] for row in rows], units, "sentence vectors" if name == "sentenceEmbedding" else "text vectors"


def _facts(db: Database, ids: list[str]) -> sparse.csr_matrix:
    """(models, facts) ones and zeros: who links to what, the author left out."""
    index = {id_: number for number, id_ in enumerate(ids)}
    rows: list[int] = []
    columns: list[int] = []
    facts = 0
    for label in FACT_LABELS:
        if label == "Author":
            continue
        for row in sorted(db.read(f"export/links/{label}"), key=lambda row: str(row["key"])):
            members = [index[id_] for id_ in row["models"] if id_ in index]
            rows.extend(members)
            columns.extend([facts] * len(members))
            facts += 1
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(ids), max(facts, 1)))


def _write(db: Database, method: str, ids: list[str], found: Found, report: OnProgress) -> int:
    """Replaces the links of one method and says how many there are now."""
    db.write_rows("similar/clear", ({"id": id_} for id_ in ids), method=method)
    links = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal links
        for model, others, scores in found:
            links += len(others)
            if model % _CHUNK == 0:
                report(model, len(ids), method)
            pairs = zip(others.tolist(), scores.tolist(), strict=True)
            ranked = ({"id": ids[o], "score": round(s, 6), "rank": rank} for rank, (o, s) in enumerate(pairs, 1))
            yield {"id": ids[model], "links": list(ranked)}

    db.write_rows("similar/link", rows(), method=method)
    return links
