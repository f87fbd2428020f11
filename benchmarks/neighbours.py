"""Nearest neighbours of the Hub's models: ours beside the usual indexes, by what they miss, take and hold."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click
import numpy as np
from scipy import sparse

from benchmarks import sets
from benchmarks.common import hub
from benchmarks.options import alone, models_option, table, threads_option
from benchmarks.searches import EF, SEARCHES, M, ivf_shape
from etl.reading import read_models
from graph.memory import measured
from graph.neighbours import EXACT_LIMIT
from graph.types import FloatArray, IntArray

#: Neighbours that are asked for; rows by which recall is judged; rows that exact ways are timed on.
K, JUDGED, TIMED = 10, 1_000, 4_000
BLOCK = 100
#: How far equal scores of two ways to sum may be apart.
ROUNDING = 5e-6
EXACT_SETS = "brute force, sparse product"
SETS = {EXACT_SETS: sets.brute_force, "etl.jaccard.by_jaccard": sets.ours}


@dataclass(frozen=True, slots=True)
class Found:
    """Recall of the judged rows; wall seconds to build and to ask for all rows; MB at the peak, and before it."""

    recall: float
    build: float
    search: float
    peak_mb: float
    before_mb: float
    guessed: bool = False

    def row(self, name: str, count: int) -> tuple[object, ...]:
        whole = self.build + self.search
        about = "~" if self.guessed else ""
        seconds = f"{about}{whole:,.1f}"
        per_million = f"{whole / count**2 * 1e6:.5f}"
        return (name, f"{self.recall:.3f}", self.build, self.search, seconds, per_million, self.peak_mb, self.added)

    @property
    def added(self) -> float:
        return max(self.peak_mb - self.before_mb, 0.0)


@click.command("neighbours")
@models_option(50_000)
@threads_option
def main(models: int | None, threads: int) -> None:
    """Nearest neighbours: recall@10, seconds and memory of ours, of brute force and of the usual indexes."""
    file = hub()
    columns = ("", f"recall@{K}", "build s", "search s", "both s", "s per million pairs", "peak MB", "of it added")
    with tempfile.TemporaryDirectory(prefix="hfmrs-bench-") as folder:
        count = alone(threads, prepare, file, models, Path(folder))
        rows, missing = [], []
        for name, search in SEARCHES.items():
            if search.package and not find_spec(search.package):
                missing.append(f"{name}: skipped. Install it: pip install {search.package}{search.hint}")
                continue
            rows.append(alone(threads, by_vectors, name, Path(folder), threads).row(name, count))
        lists, probes = ivf_shape(count)
        table(
            f"neighbours by cosine: {count:,} text vectors, {K} of each, {threads} threads",
            columns,
            rows,
            *missing,
            f"~: exact ways cost the same for each row; they are timed on {TIMED:,} rows, and that is multiplied.",
            f"IVF: {lists:,} lists, {probes} looked through, no scores worked out again. HNSW: M {M}, ef {EF}.",
            f"Recall of {JUDGED:,} rows; who is as near as the exact {K}th counts. Pairs: rows times rows. Added: to "
            "interpreter, libraries and vectors.",
            f"by_cosine compares all with all up to {EXACT_LIMIT:,} rows, and above it the lists that IVF has.",
        )
        rows = [alone(threads, by_sets, name, Path(folder)).row(name, count) for name in SETS]
        table(f"neighbours by weighted Jaccard index: {count:,} sets of facts, {K} of each", columns, rows)


def prepare(file: Path, models: int | None, folder: Path) -> int:
    """Leaves vectors and sets of the first `models` models in `folder`, and says how many there are."""
    from etl import transformer
    from graph.text import StaticEmbedder

    records = list(read_models(file, limit=models))
    transformer.distil(folder / "embedder")
    embedder = StaticEmbedder.load(folder / "embedder")
    np.save(folder / "units.npy", embedder.encode([record.soup for record in records]))
    matrix, weights = sets.facts(records)
    sparse.save_npz(folder / "facts.npz", matrix)
    np.save(folder / "weights.npy", weights)
    return len(records)


def by_vectors(name: str, folder: Path, threads: int) -> Found:
    """One way of `SEARCHES`."""
    units: FloatArray = np.load(folder / "units.npy")
    search = SEARCHES[name]
    search.build(units[:200], threads)(units[:200], K)  # once, so that libraries are loaded
    asked = _drawn(len(units), TIMED if search.exact else len(units))
    queries = units[asked] if search.exact else units
    with measured() as peak_mb:
        before, begun = peak_mb(), time.perf_counter()
        ask = search.build(units, threads)
        built = time.perf_counter()
        found = ask(queries, K + 1)
        seconds, peak = (time.perf_counter() - built) * len(units) / len(queries), peak_mb()
    judged = asked[:JUDGED]
    recall = _recall(lambda rows: units[rows] @ units.T, judged, found[:JUDGED] if search.exact else found[judged])
    return Found(recall, built - begun, seconds, peak, before, len(queries) < len(units))


def by_sets(name: str, folder: Path) -> Found:
    """One way of `SETS`."""
    facts, weights = sparse.load_npz(folder / "facts.npz"), np.load(folder / "weights.npy")
    count = facts.shape[0]
    asked = _drawn(count, JUDGED)
    with measured() as peak_mb:
        before, begun = peak_mb(), time.perf_counter()
        found = SETS[name](facts, weights, asked, K)
        seconds, peak = time.perf_counter() - begun, peak_mb()
    guessed = name == EXACT_SETS and len(asked) < count
    recall = _recall(lambda rows: sets.scores(facts, weights, rows), asked, found)
    return Found(recall, 0.0, seconds * count / len(asked) if guessed else seconds, peak, before, guessed)


def _drawn(count: int, wanted: int) -> IntArray:
    """So many rows at random, always the same; of more, these are the first."""
    return np.random.default_rng(0).permutation(count)[:wanted]


def _recall(scores_of: Callable[[IntArray], FloatArray], rows: IntArray, found: IntArray) -> float:
    """The mean share of the K nearest others that was `found` of each of `rows`; of equally near ones any counts."""
    shares = []
    for start in range(0, len(rows), BLOCK):
        some, theirs = rows[start : start + BLOCK], found[start : start + BLOCK]
        scores = scores_of(some)
        scores[np.arange(len(some)), some] = -1.0
        limits = np.partition(scores, -K, axis=1)[:, -K]
        got = np.where(theirs >= 0, np.take_along_axis(scores, theirs, axis=1), -1.0)
        hits = np.minimum((got >= limits[:, None] - ROUNDING).sum(axis=1), K)
        shares.append(hits[limits > 0] / K)  # a model without facts has no neighbours by facts
    return float(np.concatenate(shares).mean())
