"""What the graph looks like as a whole: clusters, a picture, counts. Writes each model's place, and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from etl import clusters, projection, reuse, sections, tallies, tiling
from etl.sections import Facts, Links, Map
from etl.similar import METHODS
from graph import growth, linked, linking, report
from graph.database import Database
from graph.errors import NotBuilt
from graph.models import MANY
from graph.models import words as title_words
from graph.stages import CHANGED_SHARE, OnProgress
from graph.types import FACT_LABELS, RELATIONS, FloatArray, IntArray
from graph.vectors import VectorCache, lengths, vectors_of

#: Principal components that the clusters and the picture are made from: most of the variance, a quarter of the numbers.
DIMENSIONS = 64

#: Labels whose facts may name a cluster.
_NAMING = ("Task", "Library", "Tag", "Language", "Architecture", "Dataset")
#: Facts that fewer than one in so many models have name none; nor do words of fewer letters.
_RARE, _WORD = 20_000, 3
_TOLD = 20_000
#: So many similar models say where a newcomer lies.
_BESIDE = 3
#: Of a model that many were made from, so many of the most downloaded are listed with it.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class DescribeReport:
    """How many models were given a place, in how many clusters, and how many sections the report has."""

    placed: int
    models: int
    clusters: int
    sections: int

    def __str__(self) -> str:
        placed = f"{self.placed:,} new of {self.models:,}" if self.placed < self.models else f"{self.models:,}"
        return f"{placed} models in {self.clusters} clusters, {self.sections} sections of the report"


@dataclass(slots=True)
class _Places:
    """`cluster` (models,), -1 where there is none, and `at` (models, 2), 0 to 1."""

    cluster: IntArray
    at: FloatArray


def run(
    db: Database, home: Path | None = None, *, seed: int = 0, on_progress: OnProgress | None = None
) -> DescribeReport:
    """Gives every model a cluster, x and y, and replaces the report and the map's files.

    Where most models have their place already, the map stays: newcomers are put beside the models most like them, and
    only what is counted is counted anew. `home`: where the map's files are, and vectors are kept in files, too. Raises
    `NotBuilt` where text vectors lack.
    """
    tell = on_progress or (lambda done, total, text: None)
    facts, hashes, before = read(db, home, tell)
    tell(0, None, "similar models")
    similar = _similar(db, home, facts)
    kept = None if report.state(db) == report.DRAWING else _kept_map(db, before, similar)
    if kept:
        mapped, places = kept
    else:
        tell(0, None, "reading vectors")
        mapped, places = _drawn(facts, vectors_of(db, VectorCache(home), facts.ids, hashes), seed, tell)
        before.cluster[:] = -1
    tell(0, None, "counting")
    made = sections.all_of(facts, mapped, similar)
    report.note(db, report.COUNTING if kept else report.DRAWING)
    db.write_rows("describe/children", _most_used_children(facts))
    db.write_rows("describe/gguf", _gguf(facts))
    for label in growth.LABELS:
        db.write_rows(f"publish/vectors/{label}", _grown(db, label, facts))
    tell(0, None, "who builds on what")
    reuse.write(db, facts)
    fresh = np.flatnonzero((before.cluster < 0) & (places.cluster >= 0)).tolist()
    rows = (
        {
            "id": facts.ids[i],
            "cluster": int(places.cluster[i]),
            "x": round(float(places.at[i, 0]), 6),
            "y": round(float(places.at[i, 1]), 6),
        }
        for i in fresh
    )
    db.write_rows("describe/place", rows, on_batch=lambda done: tell(done, len(fresh), "placing"))
    if home is not None:
        tell(0, None, "the map")
        tiling.write(home, facts, mapped, places.at)
    report.write(db, made)
    report.note(db, report.WRITTEN)
    return DescribeReport(len(fresh), len(facts.ids), len(mapped.naming), len(made))


def _most_used_children(facts: Facts) -> Iterator[dict[str, Any]]:
    """Of each model that many were made from, the most downloaded of these, and how many there are of each kind."""
    downloads, relations = facts.columns["downloads"], facts.columns["relation"]
    for base, children in facts.made.items():
        if len(children) > MANY:
            best = sorted(children, key=lambda child: (-(downloads[child] or 0), facts.ids[child]))[:_LISTED]
            counts = Counter(relations[child] or "unknown" for child in children)
            yield {
                "id": facts.ids[base],
                "children": [facts.ids[child] for child in best],
                "kinds": [counts[kind] for kind in RELATIONS],
            }


def _gguf(facts: Facts) -> Iterator[dict[str, Any]]:
    """The models of which other is known now than before: whether there is a GGUF form of them, which is the model
    itself or a quantisation of it."""
    packed = set(facts.members["Library"].get("gguf", ())) | set(facts.members["Tag"].get("gguf", ()))
    relations = facts.columns["relation"]
    having = packed | {
        base
        for base, children in facts.made.items()
        if any(relations[child] == "quantized" and child in packed for child in children)
    }
    before = {model for model, known in enumerate(facts.columns["gguf"]) if known}
    for model in sorted(having ^ before):
        yield {"id": facts.ids[model], "gguf": True if model in having else None}


def _grown(db: Database, label: str, facts: Facts) -> Iterator[dict[str, Any]]:
    """The facts of a label of which other is known now than before: how many models of theirs were made by month."""
    rows = db.stream("describe/grown", label=label, key=FACT_LABELS[label][1])
    before = {row["key"]: (row["since"], list(row["models"])) for row in rows}
    if label == "Author":
        members: dict[str, list[int]] = {}
        for model, author in enumerate(facts.columns["author"]):
            if author is not None:
                members.setdefault(author, []).append(model)
    else:
        members = facts.members[label]
    months = np.array([each or 0 for each in facts.columns["created"]], dtype=np.int64)
    for key, since, models in tallies.growth(members, months, growth.LEAST):
        if before.pop(key, None) != (since, models):
            yield {"key": key, "properties": {"growsSince": since, "growth": models}}
    for key in before:
        yield {"key": key, "properties": {"growsSince": None, "growth": None}}


def _drawn(facts: Facts, vectors: FloatArray, seed: int, tell: OnProgress) -> tuple[Map, _Places]:
    """A new map of all models, from their text vectors (models, d)."""
    tell(0, None, "clusters")
    vectors /= lengths(vectors)[:, None]
    points, variance = projection.principal(vectors, DIMENSIONS)
    del vectors
    grouped = clusters.cluster(points, seed=seed)
    tell(0, None, "the picture")
    places = tiling.spread(projection.picture(points, seed=seed))
    picture = sections.picture(facts, grouped.labels, places, projection.fitted(points[:, :2]), seed)
    mapped = Map(grouped.labels, _naming(facts, grouped), sections.trials(grouped, variance), picture)
    return mapped, _Places(grouped.labels, places)


def _kept_map(db: Database, before: _Places, similar: Links) -> tuple[Map, _Places] | None:
    """The map as it is, with newcomers put into it; None where it is to be drawn anew."""
    try:
        there = {each.id: each for each in report.read(db)}
        drawn = int(there["trials"].rows[0]["models"])
    except (NotBuilt, LookupError):
        return None
    newcomers = np.flatnonzero(before.cluster < 0)
    if len(before.cluster) > drawn * (1 + CHANGED_SHARE) or len(newcomers) > CHANGED_SHARE * len(before.cluster):
        return None
    places = _Places(before.cluster.copy(), before.at.copy())
    nearest = dict(similar["cosine"])
    for model in newcomers.tolist():
        beside = [other for other in nearest.get(model, ()) if before.cluster[other] >= 0][:_BESIDE]
        if beside:
            places.cluster[model] = before.cluster[beside[0]]
            places.at[model] = before.at[beside].mean(axis=0)
    rows = {row["cluster"]: row for row in there["clusters"].rows}
    naming = [
        [(label, key) for label, key in rows[number]["facts"]] if number in rows else []
        for number in range(max(rows) + 1)
    ]
    return Map(places.cluster, naming, there["trials"], there["picture"]), places


def read(db: Database, home: Path | None, tell: OnProgress) -> tuple[Facts, list[str | None], _Places]:
    """The facts, the hashes of the models' texts, and the places that they have."""
    most = int(db.read("explore/count_models")[0]["models"])
    ids: list[str] = []
    hashes: list[str | None] = []
    columns: dict[str, list[Any]] = {name: [] for name in sections.COLUMNS}
    places = _Places(np.full(most, -1, dtype=np.int64), np.zeros((most, 2), dtype=np.float32))
    same: dict[Any, Any] = {}  # one object for all equal values: a million models share a few thousand names
    for row in db.stream("describe/models"):
        if row["cluster"] is not None:
            places.cluster[len(ids)], places.at[len(ids)] = row["cluster"], (row["x"], row["y"])
        ids.append(row["id"])
        hashes.append(row["textHash"])
        for name, values in columns.items():
            value = tuple(row[name]) if isinstance(row[name], list) else row[name]
            values.append(same.setdefault(value, value))
        if len(ids) % _TOLD == 0:
            tell(len(ids), most, "reading models")
    if not ids:
        raise NotBuilt("There are no models to describe.", "Load models: hfmrs load FILE")
    places.cluster, places.at = places.cluster[: len(ids)], places.at[: len(ids)]
    tell(0, None, "reading facts")
    found = linked.read(db, home).among(ids)
    members = {
        label: {key: models.tolist() for key, models in found[label]} for label in FACT_LABELS if label != "Author"
    }
    index = {id_: number for number, id_ in enumerate(ids)}
    made = {index[base]: models.tolist() for base, models in found["Model"] if base in index}
    return Facts(ids, columns, members, made), hashes, places


def _similar(db: Database, home: Path | None, facts: Facts) -> dict[str, list[tuple[int, list[int]]]]:
    """By method: the models that are linked to others, with these, best first, by their numbers."""
    there, count = linking.stored(db, facts.ids, home), len(facts.ids)
    found = {}
    for method in METHODS:
        links = there.by(method)
        links = links[(links.source < count) & (links.target < count)]  # the others were deleted
        links = links[np.lexsort((links.rank, links.source))]
        found[method] = [(model, part.target.tolist()) for model, part in links.lists()]
    return found


def _naming(facts: Facts, grouped: clusters.Clustering) -> list[list[tuple[str, str]]]:
    """What names each cluster: facts, (label, key).

    Where the models of a cluster have few facts, words of their names stand in, under the label Word.
    """
    words: dict[str, list[int]] = {}
    for number, id_ in enumerate(facts.ids):
        for word in {word for word in title_words(id_.rsplit("/", 1)[-1]) if len(word) >= _WORD and word.isalpha()}:
            words.setdefault(word, []).append(number)
    rare = max(2, len(facts.ids) // _RARE)
    keys: list[tuple[str, str]] = []
    models: list[int] = []
    columns: list[int] = []
    for label, having in (*((label, facts.members[label]) for label in _NAMING), ("Word", words)):
        if label == "Word":
            first = len(keys)
        for key, numbers in sorted(having.items()):
            if len(numbers) >= rare:
                models.extend(numbers)
                columns.extend([len(keys)] * len(numbers))
                keys.append((label, key))
    ones = np.ones(len(models), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, (models, columns)), shape=(len(facts.ids), max(len(keys), 1)))
    names = [key for _, key in keys] or [""]
    telling = clusters.telling(matrix, grouped.labels, grouped.count, names, first)
    return [[keys[fact] for fact in cluster] for cluster in telling]
