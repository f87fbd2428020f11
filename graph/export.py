"""From the database to arrays: the whole graph, the surroundings of some models, or a task-balanced sample."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np

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


def subgraph(db: Database, *, ids: Sequence[str] | None = None, cut: datetime | None = None) -> Subgraph:
    """The graph of `ids` (all models when `None`), without anything created at or after `cut`.

    Raises `NotFound` where no model is left and `NotBuilt` where text vectors are missing.
    """
    limit = days(cut)
    keys, matrix, times = _vectors(
        "Model",
        (row for row in _models(db, ids) if not days(row["time"]) >= limit),  # NaN stays
    )
    if not keys:
        raise NotFound("The graph holds no models to export.", "Load some: hfmrs load FILE, or hfmrs demo.")
    index = {key: i for i, key in enumerate(keys)}
    model_times = np.array(times, dtype=np.float64)
    nodes: dict[str, tuple[str, ...]] = {"Model": keys}
    features: dict[str, FloatArray] = {"Model": matrix}
    edges: dict[tuple[str, str, str], IntArray] = {}
    for label, (relationship, key) in FACT_LABELS.items():
        linked = _linked(db, label, index)
        found = (row for row in db.stream("export/facts", label=label, key=key) if row["key"] in linked)
        nodes[label], features[label], _ = _vectors(label, found)
        edges["Model", relationship, label] = _pairs([linked[name] for name in nodes[label]])
    parents = _linked(db, "Model", index)
    edges["Model", "BASED_ON", "Model"] = _pairs([parents.get(name, []) for name in keys])
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
        index = {key: i for i, key in enumerate(keys)}
        if label == "Model":
            old = [key for key in keys if key not in fresh]
            asked = (old[start : start + _ASK] for start in range(0, len(old), _ASK))
            rows = (row for part in asked for row in db.read("publish/sent_by", ids=part, property=slot.projected))
        else:
            rows = (
                row
                for row in db.stream("publish/sent", label=label, key=FACT_LABELS[label][1], property=slot.projected)
                if row["key"] in index
            )
        pairs = [(index[row["key"]], np.array(row["vector"], dtype=np.float32)) for row in rows]
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


def _linked(db: Database, label: str, index: Mapping[str, int]) -> dict[str, list[int]]:
    """The models of `index` that link to each node of a label; nodes without any are left out."""
    groups = (
        (row["key"], [index[m] for m in row["models"] if m in index]) for row in db.stream(f"export/links/{label}")
    )
    return {key: models for key, models in groups if models}


def _pairs(sources_by_target: Sequence[Sequence[int]]) -> IntArray:
    """(2, edges) of (source, target), sorted, from the sources of each target."""
    sizes = [len(sources) for sources in sources_by_target]
    sources = np.fromiter((s for group in sources_by_target for s in group), dtype=np.int64, count=sum(sizes))
    targets = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    order = np.lexsort((targets, sources))
    return np.stack([sources[order], targets[order]])


def _vectors(label: str, rows: Iterable[dict[str, Any]]) -> tuple[tuple[str, ...], FloatArray, list[float]]:
    """Keys in order, their text vectors (keys, d) and their days. Neither the rows' own lists of numbers nor two whole
    matrices are held at once: a million vectors take gigabytes."""
    keys: list[str] = []
    times: list[float] = []
    parts: list[FloatArray] = []
    missing = 0
    for batch in _batches(rows):
        found = [row for row in batch if row["features"] is not None]
        missing += len(batch) - len(found)
        keys += [row["key"] for row in found]
        times += [days(row.get("time")) for row in found]
        if found:
            parts.append(np.array([row["features"] for row in found], dtype=np.float32))
    if missing:
        many = missing + len(keys)
        raise NotBuilt(f"{missing} of {many} {label} nodes have no text vector.", "Run: hfmrs build --only embed")
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    matrix = np.zeros((len(keys), parts[0].shape[1] if parts else DIMENSIONS), dtype=np.float32)
    end = len(keys)
    while parts:
        part = parts.pop()
        matrix[place[end - len(part) : end]] = part
        end -= len(part)
    return tuple(keys[i] for i in order), matrix, [times[i] for i in order]


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(rows)
    while batch := list(islice(rest, _ASK)):
        yield batch
