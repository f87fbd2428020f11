"""SIMILAR_TO: for every model those with the nearest texts (cosine) and the most facts in common (weighted Jaccard).

Each model carries a record of what its links were made from (`similarHash`), written when all links are. Where few
models differ from their record, only their links and those of models near them change (`etl.joining`); else all are
made anew, which the stage `similar links` notes while it is under way. So a run that was killed goes on as the same
run: until the end the records say that there is something to do, and what is written is what still differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from etl.joining import Lists, Mask, join_by_cosine, join_by_jaccard
from etl.neighbours import EXACT_LIMIT, Found, by_cosine, by_jaccard
from graph import linking, stages
from graph.database import Database
from graph.errors import NotBuilt
from graph.linking import Links, Stored
from graph.similarity import fact_weight
from graph.stages import OnProgress
from graph.types import FACT_LABELS, FloatArray, IntArray

METHODS = ("cosine", "jaccard")

#: How many neighbours a model of a graph of up to `SMALL` models has; in a larger one `MOST_USED` have fewer, and the
#: rest fewer still.
NEIGHBOURS, SMALL = 20, 20_000
MOST_USED, MOST_USED_NEIGHBOURS, OTHER_NEIGHBOURS = 100_000, 10, 3

_TOLD = 1_000
#: The stage that tells whether all links were once written.
_STAGE, _BEGUN, _DONE = "similar links", "begun", "done"


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
    db: Database, *, small: int = SMALL, exact_limit: int = EXACT_LIMIT, on_progress: OnProgress | None = None
) -> SimilarReport:
    """Links every model to its most similar ones, by each method; links of before are replaced.

    Graphs of up to `small` models are always linked anew. Raises NotBuilt where models have no text vectors.
    """
    report = on_progress or (lambda done, total, text: None)
    report(0, None, "reading vectors")
    models = _vectors(db)
    report(0, None, "reading facts")
    facts = _facts(db, models.ids)
    kept = how_many(len(models.ids), facts.groups)
    gone = [row["id"] for row in db.read("similar/gone")]
    changed = models.changed()
    done = stages.get(db, _STAGE)
    few = done is not None and done.fingerprint == _DONE and len(models.ids) > small
    few = few and int(changed.sum()) <= stages.CHANGED_SHARE * len(changed)
    report(0, None, "reading links")
    there = linking.stored(db, models.ids)
    if few and all(len(there.by(method)) for method in METHODS):
        return _join(db, models, facts, models.wanted(kept), there, gone, exact_limit, report)
    if not done or done.fingerprint != _BEGUN:
        stages.record(db, _STAGE, _BEGUN, 0.0, "all links are being written")
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
        links = Links.of(_told(found, method, len(kept), report))
        linking.replace(db, method, there, links, _writing(method, report))
        written[method] = len(links)
    _record(db, models, kept, np.argsort(there.place[: len(kept)]).tolist(), gone)
    stages.record(db, _STAGE, _DONE, 0.0, f"of {len(kept):,} models")
    return SimilarReport(written["cosine"], written["jaccard"], models.vectors)


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
            whole = ours[~np.isin(ours.source, rows)].and_(links)
            written[method] = linking.replace(db, method, there, whole, _writing(method, report))
        _record(db, models, wanted, numbers.tolist(), gone)
    return SimilarReport(written["cosine"], written["jaccard"], models.vectors, len(numbers) + len(gone))


def _vectors(db: Database) -> _Models:
    """Every model with its sentence vector where each has one, else with its text vector. Raises NotBuilt."""
    models = int(db.read("explore/count_models")[0]["models"])
    for name, hash_ in (("sentenceEmbedding", "sentenceHash"), ("textEmbedding", "textHash")):
        rows: list[tuple[str, int, str, str | None]] = []
        vectors: FloatArray = np.zeros((0, 0), dtype=np.float32)
        missing = 0
        for row in db.stream("similar/vectors", property=name, hash=hash_):
            if row["vector"] is None:
                missing += 1
                if name == "sentenceEmbedding":
                    break
                continue
            if not rows:
                vectors = np.zeros((models, len(row["vector"])), dtype=np.float32)
            vectors[len(rows)] = row["vector"]
            made_from = f"{name} {row['textHash']} {(row['contentHash'] or '').partition('.')[0]}"
            digest = hashlib.blake2b(made_from.encode(), digest_size=8).hexdigest()
            rows.append((row["id"], row["downloads"], digest, row["record"]))
        if rows and not missing:
            break
    else:
        raise NotBuilt(f"{missing} of {models} models have no text vector.", "Run: hfmrs build --only embed")
    order = sorted(range(len(rows)), key=lambda i: (-rows[i][1], rows[i][0]))
    units = vectors[order]
    units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), 1e-12)
    ids, _, hashes, records = (list(column) for column in zip(*(rows[i] for i in order), strict=True))
    return _Models(ids, units, "sentence vectors" if name == "sentenceEmbedding" else "text vectors", hashes, records)


def _facts(db: Database, ids: list[str]) -> _Facts:
    index = {id_: number for number, id_ in enumerate(ids)}
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    groups: list[IntArray] = []
    without = np.ones(len(ids), dtype=bool)
    for label, (_, key) in FACT_LABELS.items():
        if label == "Author":
            continue
        degrees = {row["key"]: row["degree"] for row in db.read("publish/degrees", label=label, key=key)}
        for row in sorted(db.stream(f"export/links/{label}"), key=lambda row: str(row["key"])):
            members = [index[id_] for id_ in row["models"] if id_ in index]
            rows.extend(members)
            columns.extend([len(weights)] * len(members))
            weights.append(fact_weight(int(degrees.get(row["key"]) or len(members)), len(ids)))
            if label in ("Task", "Language"):
                groups.append(np.array(members, dtype=np.int64))
            if label == "Task":
                without[members] = False
    ones = np.ones(len(rows), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, (rows, columns)), shape=(len(ids), max(len(weights), 1)))
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
