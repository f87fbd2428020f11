"""What the graph looks like as a whole: clusters, a picture, counts. Writes each model's place, and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from etl import clusters, projection, sections
from etl.sections import Facts, Map
from graph import report
from graph.database import Database
from graph.errors import NotBuilt
from graph.models import words as title_words
from graph.stages import OnProgress
from graph.types import FACT_LABELS, FloatArray

#: Principal components that the clusters and the picture are made from: most of the variance, a quarter of the numbers.
DIMENSIONS = 64

#: Labels whose facts may name a cluster.
_NAMING = ("Task", "Library", "Tag", "Language", "Architecture", "Dataset")
#: Facts that fewer than one in so many models have name none; nor do words of fewer letters.
_RARE, _WORD = 20_000, 3
_TOLD = 20_000


@dataclass(frozen=True, slots=True)
class DescribeReport:
    """How many models were placed in how many clusters, and how many sections the report has."""

    models: int
    clusters: int
    sections: int

    def __str__(self) -> str:
        return f"{self.models:,} models in {self.clusters} clusters, {self.sections} sections of the report"


def run(db: Database, *, seed: int = 0, on_progress: OnProgress | None = None) -> DescribeReport:
    """Gives every model a cluster, x and y, and replaces the report. Raises `NotBuilt` where text vectors lack."""
    tell = on_progress or (lambda done, total, text: None)
    facts, vectors = _read(db, tell)
    tell(0, None, "clusters")
    points, variance = projection.principal(vectors, DIMENSIONS)
    del vectors
    grouped = clusters.cluster(points, seed=seed)
    tell(0, None, "the picture")
    places = projection.picture(points, seed=seed)
    telling, fact_keys = _telling(facts, grouped)
    mapped = Map(grouped, telling, fact_keys, places, projection.fitted(points[:, :2]), variance)
    tell(0, None, "counting")
    made = sections.all_of(facts, mapped, _similar(db, facts), seed=seed)
    report.write(db, made)
    rows = (
        {"id": id_, "cluster": cluster, "x": round(x, 4), "y": round(y, 4)}
        for id_, cluster, (x, y) in zip(facts.ids, grouped.labels.tolist(), places.tolist(), strict=True)
    )
    db.write_rows("describe/place", rows, on_batch=lambda done: tell(done, len(facts.ids), "placing"))
    return DescribeReport(len(facts.ids), grouped.count, len(made))


def _read(db: Database, tell: OnProgress) -> tuple[Facts, FloatArray]:
    """The facts, and the models' text vectors (models, d), made to have length one."""
    most = int(db.read("explore/count_models")[0]["models"])
    ids: list[str] = []
    columns: dict[str, list[Any]] = {name: [] for name in sections.COLUMNS}
    vectors: FloatArray = np.zeros((0, 0), dtype=np.float32)
    same: dict[Any, Any] = {}  # one object for all equal values: a million models share a few thousand names
    for row in db.stream("describe/models"):
        vector = row["vector"]
        if vector is None:
            raise NotBuilt(f"{row['id']} has no text vector.", "Run: hfmrs build --only embed")
        if not ids:
            vectors = np.zeros((most, len(vector)), dtype=np.float32)
        vectors[len(ids)] = vector
        ids.append(row["id"])
        for name, values in columns.items():
            values.append(same.setdefault(row[name], row[name]))
        if len(ids) % _TOLD == 0:
            tell(len(ids), most, "reading models")
    if not ids:
        raise NotBuilt("There are no models to describe.", "Load models: hfmrs load FILE")
    vectors = vectors[: len(ids)]
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    index = {id_: number for number, id_ in enumerate(ids)}
    members = {label: dict(_members(db, label, index)) for label in FACT_LABELS if label != "Author"}
    made = {index[base]: children for base, children in _members(db, "Model", index) if base in index}
    return Facts(ids, columns, members, made), vectors


def _members(db: Database, label: str, index: dict[str, int]) -> Iterator[tuple[str, list[int]]]:
    for row in db.stream(f"export/links/{label}"):
        yield row["key"], sorted(index[id_] for id_ in row["models"] if id_ in index)


def _similar(db: Database, facts: Facts) -> dict[str, list[tuple[int, list[int]]]]:
    """By method: each model with those it is linked to, by their numbers."""
    index = {id_: number for number, id_ in enumerate(facts.ids)}
    found: dict[str, list[tuple[int, list[int]]]] = {"cosine": [], "jaccard": []}
    for row in db.stream("describe/similar"):
        model = index.get(row["id"])
        for method, links in found.items():
            if model is not None:
                others = (index.get(other) for how, other in row["links"] if how == method)
                links.append((model, [each for each in others if each is not None]))
    return found


def _telling(facts: Facts, grouped: clusters.Clustering) -> tuple[list[list[int]], list[tuple[str, str]]]:
    """What names each cluster, as numbers of facts, and the (label, key) of every fact.

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
    return clusters.telling(matrix, grouped.labels, grouped.count, names, first), keys
