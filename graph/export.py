"""From the database to arrays: the whole graph, the surroundings of some models, or a task-balanced sample."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from graph import linked, vectors
from graph.database import Database
from graph.errors import NotBuilt, NotFound
from graph.slots import Slot
from graph.text import DIMENSIONS
from graph.types import FACT_LABELS, FloatArray, IntArray, Subgraph

_DAY = 86_400.0
#: Models that are asked for at once.
_ASK = 5_000


def days(moment: datetime | None) -> float:
    """Days since 1970, NaN where unknown."""
    return float("nan") if moment is None else moment.timestamp() / _DAY


def around(db: Database, seeds: Sequence[str], *, hops: int = 2, cap: int = 20) -> list[str]:
    """Ids of the models within `hops` of `seeds`, at most `cap` per model and relationship at each hop."""
    reached = set(seeds)
    frontier = list(seeds)
    for _ in range(hops):
        rows = db.read("export/expand", ids=frontier, cap=cap)
        frontier = sorted({id_ for row in rows for id_ in row["ids"]} - reached)
        reached.update(frontier)
        if not frontier:
            break
    return sorted(reached)


def by_task(db: Database, per_task: int) -> list[str]:
    """Ids of at most `per_task` models of every task, the most built upon first."""
    return sorted({id_ for row in db.read("export/by_task", per_task=per_task) for id_ in row["ids"]})


def most_used(db: Database, limit: int) -> list[str]:
    """Ids of at most `limit` models: half of them the most used of all, half the most used that have bases or
    derivatives, bases first."""
    half = limit // 2
    return sorted({row["id"] for row in db.read("export/most_used", most_used=half, related=limit - half)})


def subgraph(
    db: Database, home: Path | None = None, *, ids: Sequence[str] | None = None, cut: datetime | None = None
) -> Subgraph:
    """The graph of `ids` (all models when `None`), without anything created at or after `cut`.

    `home`: where vectors are kept in files, too. Raises `NotFound` where no model is left and `NotBuilt` where text
    vectors are missing.
    """
    limit = days(cut)
    rows = sorted((row["key"], days(row["time"]), row["hash"]) for row in _models(db, ids))
    rows = [row for row in rows if not row[1] >= limit]  # NaN stays
    if not rows:
        raise NotFound("The graph holds no models to export.", "Load some: hfmrs load FILE, or hfmrs demo.")
    keys, times, hashes = (tuple(column) for column in zip(*rows, strict=True))
    index = {key: i for i, key in enumerate(keys)}
    model_times = np.array(times, dtype=np.float64)
    matrix = vectors.vectors_of(db, vectors.VectorCache(home), keys, hashes)
    members = linked.read(db, home).among(keys)
    nodes: dict[str, tuple[str, ...]] = {"Model": keys}
    features: dict[str, FloatArray] = {"Model": matrix}
    edges: dict[tuple[str, str, str], IntArray] = {}
    for label, (relationship, key) in FACT_LABELS.items():
        nodes[label] = tuple(members[label].keys)
        features[label] = _fact_vectors(db, label, key, nodes[label], some=ids is not None)
        edges["Model", relationship, label] = _pairs(members[label].models, members[label].owners)
    bases = np.array([index.get(base, -1) for base in members["Model"].keys], dtype=np.int64)
    children, owners = members["Model"].models, bases[members["Model"].owners]
    edges["Model", "BASED_ON", "Model"] = _pairs(children[owners >= 0], owners[owners >= 0])
    return Subgraph(
        nodes=nodes,
        edges=edges,
        edge_times={triple: model_times[pair[0]] for triple, pair in edges.items()},
        features=features,
        times={"Model": model_times},
        cut=cut,
    )


def with_kin(db: Database, ids: Sequence[str]) -> list[str]:
    """`ids` with their bases and derivatives."""
    asked = (ids[start : start + _ASK] for start in range(0, len(ids), _ASK))
    return sorted({*ids, *(row["id"] for part in asked for row in db.read("export/kin", ids=part))})


def sent(db: Database, data: Subgraph, slot: Slot, fresh: Collection[str]) -> dict[str, tuple[IntArray, FloatArray]]:
    """Of each label of `data` the rows of the nodes that send something in `slot`, and what they send, (rows, d); the
    models `fresh` left out."""
    found = {}
    for label, keys in data.nodes.items():
        index = {key: i for i, key in enumerate(keys) if label != "Model" or key not in fresh}
        parts = vectors.stored(db, label, slot.projected, list(index))
        pairs = [(index[key], np.array(vector, dtype=np.float32)) for part in parts for key, vector in part]
        if pairs:
            found[label] = np.array([i for i, _ in pairs], dtype=np.int64), np.stack([vector for _, vector in pairs])
    return found


def _models(db: Database, ids: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    if ids is None:
        yield from db.stream("export/models")
        return
    wanted = list(ids)
    for start in range(0, len(wanted), _ASK):
        yield from db.read("export/models_of", ids=wanted[start : start + _ASK])


def _pairs(sources: IntArray, targets: IntArray) -> IntArray:
    """(2, edges) of (source, target), sorted."""
    order = np.lexsort((targets, sources))
    return np.stack([sources[order], targets[order]])


def _fact_vectors(db: Database, label: str, key: str, keys: Sequence[str], *, some: bool) -> FloatArray:
    """The text vectors of the nodes `keys` of a label, (nodes, d); `some`: they are not nearly all of that label."""
    matrix = np.zeros((len(keys), DIMENSIONS), dtype=np.float32)
    index = {key: i for i, key in enumerate(keys)}
    found = 0
    if some:
        pairs = (pair for part in vectors.stored(db, label, "textEmbedding", keys) for pair in part)
    else:
        rows = db.stream("export/facts", label=label, key=key)
        pairs = ((row["key"], row["features"]) for row in rows if row["key"] in index and row["features"] is not None)
    for name, vector in pairs:
        matrix[index[name]] = vector
        found += 1
    if found < len(keys):
        missing = f"{len(keys) - found} of {len(keys)}"
        raise NotBuilt(f"{missing} {label} nodes have no text vector.", "Run: hfmrs build --only embed")
    return matrix
