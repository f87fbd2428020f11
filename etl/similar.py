"""SIMILAR_TO: for every model those with the nearest texts (cosine) and the most facts in common (weighted Jaccard).

Each model carries a record of what its links were made from (`similarHash`), written when all links are. Where few
models differ from their record, only their links and those of models near them change (`etl.joining`); else all are
made anew, which the stage `similar links` notes while it is under way. So a run that was killed goes on as the same
run: until the end the records say that there is something to do, and what is written is what still differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from etl.jaccard import by_jaccard
from etl.joining import Lists, join_by_cosine, join_by_jaccard
from graph import linked, linking, stages
from graph.database import Database
from graph.linking import Links, Stored
from graph.neighbours import EXACT_LIMIT, Found, by_cosine
from graph.similarity import fact_weight
from graph.stages import OnProgress
from graph.types import FACT_LABELS, FloatArray, IntArray
from graph.vectors import Mask, VectorCache, lengths, vectors_of

METHODS = ("cosine", "jaccard")

#: How many neighbours a model of a graph of up to `SMALL` models has; in a larger one `MOST_USED` have fewer, and the
#: rest fewer still.
NEIGHBOURS, SMALL = 20, 20_000
MOST_USED, MOST_USED_NEIGHBOURS, OTHER_NEIGHBOURS = 100_000, 10, 3

_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class SimilarReport:
    """How many links were written by each method, and from which vectors the cosine comes. `changed`: how many models
    were new or had changed, None where all links were made anew."""

    cosine: int
    jaccard: int
    vectors: str
    changed: int | None = None

    def __str__(self) -> str:
        which = "" if self.changed is None else f"{self.changed:,} changed: "
        return f"{which}{self.cosine:,} links by cosine of {self.vectors}, {self.jaccard:,} by Jaccard index"


@dataclass(frozen=True, slots=True)
class _Models:
    """The models, most downloaded first: `units` (models, d) are their vectors, of length one, `hashes` what their
    links would be made from now, and `records` what they were made from."""

    ids: list[str]
    units: FloatArray
    vectors: str
    hashes: list[str]
    records: list[str | None]

    def changed(self) -> Mask:
        pairs = zip(self.hashes, self.records, strict=True)
        return np.array([(record or "").partition(":")[0] != hash_ for hash_, record in pairs], dtype=bool)

    def wanted(self, kept: IntArray) -> IntArray:
        """How many links each may have: as many as before, and what `kept` says where it has changed."""
        sizes = [int((record or "").partition(":")[2] or 0) for record in self.records]
        return np.where(self.changed(), kept, np.array(sizes, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Facts:
    """`matrix` (models, facts): ones where a model has a fact, authors left out. `weights` (facts,): what each weighs.
    `groups`: the models of each task, of each language, and those without a task."""

    matrix: sparse.csr_matrix
    weights: FloatArray
    groups: list[IntArray]


def run(
    db: Database,
    home: Path | None = None,
    *,
    small: int = SMALL,
    exact_limit: int = EXACT_LIMIT,
    on_progress: OnProgress | None = None,
) -> SimilarReport:
    """Links every model to its most similar ones, by each method; links of before are replaced.

    Graphs of up to `small` models are always linked anew. `home`: where vectors are kept in files, too. Raises NotBuilt
    where models have no text vectors.
    """
    report = on_progress or (lambda done, total, text: None)
    report(0, None, "reading vectors")
    models = _models(db, home)
    report(0, None, "reading facts")
    facts = _facts(db, home, models.ids)
    kept = how_many(len(models.ids), facts.groups)
    gone = [row["id"] for row in db.read("similar/gone")]
    changed = models.changed()
    done = stages.get(db, linking.STAGE)
    few = done is not None and done.fingerprint != linking.BEGUN and len(models.ids) > small
    few = few and int(changed.sum()) <= stages.CHANGED_SHARE * len(changed)
    report(0, None, "reading links")
    there = linking.stored(db, models.ids, home)
    if few and all(len(there.by(method)) for method in METHODS):
        return _join(db, home, models, facts, models.wanted(kept), there, gone, exact_limit, report)
    linking.begin(db, everything=True)
    written = {}
    for method in METHODS:
        if method == "cosine":
            found = by_cosine(
                models.units,
                kept,
                exact_limit,
                on_progress=lambda done, total: report(done, total, "cosine: lists compared"),
            )
        else:
            found = by_jaccard(facts.matrix, facts.weights, kept)
        written[method] = Links.of(_told(found, method, len(kept), report))
        linking.replace(db, method, there, written[method], _writing(method, report))
    _record(db, models, kept, np.argsort(there.place[: len(kept)]).tolist(), gone)
    linking.done(db, home, replace(there, links=written))
    return SimilarReport(len(written["cosine"]), len(written["jaccard"]), models.vectors)


def how_many(models: int, groups: Sequence[IntArray] = ()) -> IntArray:
    """How many neighbours each of `models` models gets, the most used first.

    In a large graph every group (a task, a language) gives as many of its most used models as every other, or all it
    has, until `MOST_USED` are chosen; models of no group are one more. Of the last round the most used are taken.
    """
    if models <= SMALL:
        return np.full(models, NEIGHBOURS, dtype=np.int64)
    place = np.full(models, models, dtype=np.int64)
    rest = np.ones(models, dtype=bool)
    for members in groups:
        ordered = np.sort(members)
        place[ordered] = np.minimum(place[ordered], np.arange(len(ordered)))
        rest[ordered] = False
    place[rest] = np.arange(rest.sum())
    kept = np.full(models, OTHER_NEIGHBOURS, dtype=np.int64)
    kept[np.argsort(place, kind="stable")[:MOST_USED]] = MOST_USED_NEIGHBOURS
    return kept


def _join(
    db: Database,
    home: Path | None,
    models: _Models,
    facts: _Facts,
    wanted: IntArray,
    there: Stored,
    gone: list[str],
    exact_limit: int,
    report: OnProgress,
) -> SimilarReport:
    """Changes what the changed and the deleted models make other."""
    changed = models.changed()
    numbers = np.flatnonzero(changed)
    written = dict.fromkeys(METHODS, 0)
    if len(numbers) or gone:
        linking.begin(db, everything=False)
        now = {}
        for method in METHODS:
            old = there.by(method)
            ours = old[old.source < len(wanted)]  # the others' own lists go as a whole
            others = np.where(ours.target < len(wanted), ours.target, -1)
            lists = Lists(ours.source, others, ours.score, wanted, changed)
            if method == "cosine":
                found = join_by_cosine(models.units, lists, exact_limit)
            else:
                found = join_by_jaccard(facts.matrix, facts.weights, lists)
            rows, links = _rows_of(_told(found, method, None, report))
            now[method] = ours[~np.isin(ours.source, rows)].and_(links)
            written[method] = linking.replace(db, method, there, now[method], _writing(method, report))
        _record(db, models, wanted, numbers.tolist(), gone)
        linking.done(db, home, replace(there, links=now))
    return SimilarReport(written["cosine"], written["jaccard"], models.vectors, len(numbers) + len(gone))


def _models(db: Database, home: Path | None) -> _Models:
    """Every model, with its sentence vector where each has one, else with its text vector. Raises NotBuilt."""
    rows = sorted(db.stream("similar/models"), key=lambda row: (-row["downloads"], row["id"]))
    sentences = all(row["sentenceHash"] for row in rows)
    name, hash_ = ("sentenceEmbedding", "sentenceHash") if sentences else ("textEmbedding", "textHash")
    ids = [row["id"] for row in rows]
    units = vectors_of(db, VectorCache(home, name), ids, [row[hash_] for row in rows])
    units /= lengths(units)[:, None]
    hashes = []
    for row in rows:
        made_from = f"{name} {row[hash_]} {(row['contentHash'] or '').partition('.')[0]}"
        hashes.append(hashlib.blake2b(made_from.encode(), digest_size=8).hexdigest())
    records = [row["record"] for row in rows]
    return _Models(ids, units, "sentence vectors" if sentences else "text vectors", hashes, records)


def _facts(db: Database, home: Path | None, ids: list[str]) -> _Facts:
    members = linked.read(db, home).among(ids)
    rows: list[IntArray] = [np.zeros(0, np.int64)]
    columns: list[IntArray] = [np.zeros(0, np.int64)]
    weights: list[float] = []
    for label, (_, key) in FACT_LABELS.items():
        if label == "Author":
            continue
        degrees = {row["key"]: row["degree"] for row in db.read("publish/degrees", label=label, key=key)}
        rows.append(members[label].models)
        columns.append(members[label].owners + len(weights))
        for name, models in members[label]:
            weights.append(fact_weight(int(degrees.get(name) or len(models)), len(ids)))
    without = np.ones(len(ids), dtype=bool)
    without[members["Task"].models] = False
    groups = [models for label in ("Task", "Language") for _, models in members[label]]
    places = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(places[0]), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, places), shape=(len(ids), max(len(weights), 1)))
    return _Facts(matrix, np.array(weights or [1.0], dtype=np.float32), [*groups, np.flatnonzero(without)])


def _told(found: Found, method: str, total: int | None, report: OnProgress) -> Found:
    for number, each in enumerate(found):
        if number % _TOLD == 0:
            report(number, total, method)
        yield each


def _writing(method: str, report: OnProgress) -> Callable[[int, int], object]:
    return lambda done, total: report(done, total, f"{method}: links written")


def _rows_of(found: Found) -> tuple[IntArray, Links]:
    """The models whose lists were found, an empty list among them, and these lists."""
    rows: list[int] = []

    def noted() -> Found:
        for each in found:
            rows.append(each[0])
            yield each

    links = Links.of(noted())
    return np.array(rows, dtype=np.int64), links


def _record(db: Database, models: _Models, wanted: IntArray, numbers: Iterable[int], gone: Iterable[str]) -> None:
    """Notes of `numbers` what their links were made from and how many they may be, and of those gone that they have
    none."""

    def rows() -> Iterator[dict[str, Any]]:
        for i in numbers:
            record = f"{models.hashes[i]}:{wanted[i]}"
            if models.records[i] != record:
                yield {"id": models.ids[i], "record": record}
        yield from ({"id": id_, "record": None} for id_ in gone)

    db.write_rows("similar/record", rows())
