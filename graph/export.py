"""From the database to arrays: the whole graph, the surroundings of some models, or a task-balanced sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.database import Database
from graph.errors import NotBuilt, NotFound
from graph.text import DIMENSIONS
from graph.types import FACT_LABELS, FloatArray, IntArray, Subgraph

_DAY = 86_400.0


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


def subgraph(db: Database, *, ids: Sequence[str] | None = None, cut: datetime | None = None) -> Subgraph:
    """The graph of `ids` (all models when `None`), without anything created at or after `cut`.

    Raises `NotFound` where no model is left and `NotBuilt` where text vectors are missing.
    """
    wanted = None if ids is None else list(ids)
    limit = days(cut)
    rows = [row for row in db.read("export/models", ids=wanted) if not days(row["time"]) >= limit]  # NaN stays
    if not rows:
        raise NotFound("The graph holds no models to export.", "Load some: hfmrs load FILE, or hfmrs demo.")
    models = tuple(row["key"] for row in rows)
    index = {key: i for i, key in enumerate(models)}
    model_times = np.array([days(row["time"]) for row in rows], dtype=np.float64)
    nodes: dict[str, tuple[str, ...]] = {"Model": models}
    features: dict[str, FloatArray] = {"Model": _matrix(rows, "Model")}
    edges: dict[tuple[str, str, str], IntArray] = {}
    for label, (relationship, key) in FACT_LABELS.items():
        groups = db.read(f"export/links/{label}", ids=wanted)
        linked = {row["key"]: [index[m] for m in row["models"] if m in index] for row in groups}
        facts = [row for row in db.read("export/facts", label=label, key=key) if linked.get(row["key"])]
        nodes[label] = tuple(row["key"] for row in facts)
        features[label] = _matrix(facts, label)
        edges["Model", relationship, label] = _pairs([linked[row["key"]] for row in facts])
    parents = {row["key"]: row["models"] for row in db.read("export/links/Model", ids=wanted)}
    children = [[index[m] for m in parents.get(key, ()) if m in index] for key in models]
    edges["Model", "BASED_ON", "Model"] = _pairs(children)
    return Subgraph(
        nodes=nodes,
        edges=edges,
        edge_times={triple: model_times[pair[0]] for triple, pair in edges.items()},
        features=features,
        times={"Model": model_times},
        cut=cut,
    )


def _pairs(sources_by_target: Sequence[Sequence[int]]) -> IntArray:
    """(2, edges) of (source, target), sorted, from the sources of each target."""
    sizes = [len(sources) for sources in sources_by_target]
    sources = np.fromiter((s for group in sources_by_target for s in group), dtype=np.int64, count=sum(sizes))
    targets = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    order = np.lexsort((targets, sources))
    return np.stack([sources[order], targets[order]])


def _matrix(rows: Sequence[dict[str, Any]], label: str) -> FloatArray:
    missing = sum(row["features"] is None for row in rows)
    if missing:
        raise NotBuilt(f"{missing} of {len(rows)} {label} nodes have no text vector.", "Run: hfmrs build --only embed")
    matrix: npt.NDArray[np.float32] = np.array([row["features"] for row in rows], dtype=np.float32)
    return matrix.reshape(len(rows), DIMENSIONS)
