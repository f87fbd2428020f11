"""Puts a run into service: writes the free slot, stores links and reasons for the most used models, then switches.

Readers see the run before or the new one, never half: all that is written lies in the free slot or carries the new
run's id until `Current` is moved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from graph.database import Database
from graph.drafts import Facts
from graph.reasons import first
from graph.score import Side, cosines, score
from graph.slots import Slot
from graph.text import DIMENSIONS
from graph.types import FACT_LABELS, FloatArray, NodeVectors, Run

#: Called with (rows done, rows in all, what is written).
Progress = Callable[[int, int, str], None]

#: Models with stored recommendations: one in so many, the most downloaded ones, and no more than that; and how many
#: recommendations each. All others are answered on demand.
STORED_ONE_IN = 10
STORED_MODELS = 1000
STORED_LINKS = 20

_KEYS = {"Model": "id", **{label: key for label, (_, key) in FACT_LABELS.items()}}


def publish(db: Database, run: Run, *, stored_models: int | None = None, on_progress: Progress | None = None) -> Slot:
    """Writes `run` and puts it into service for its method, unless it is there already; returns its slot.

    `stored_models`: for how many models recommendations are stored, instead of the usual share. Interrupted, it
    leaves the run before in service.
    """
    if stored_models is None:
        stored_models = min(STORED_MODELS, len(run.vectors["Model"].keys) // STORED_ONE_IN)
    current = {row["method"]: row for row in db.read("publish/current")}.get(run.method)
    if current and current["run"] == run.id:
        return Slot(run.method, current["slot"])
    slot = Slot(run.method, current["slot"]).other if current else Slot(run.method, "A")
    _forget(db, run.method, current["run"] if current else "")
    ids = [row["id"] for row in db.read("publish/most_used", limit=stored_models)]
    total = sum(len(table.keys) for table in run.vectors.values()) + len(ids)
    done = 0

    def tell(rows: int, what: str) -> None:
        if on_progress:
            on_progress(done + rows, total, what)

    for label, table in run.vectors.items():
        _clear(db, slot, label, table)
        db.write_rows(
            f"publish/vectors/{label}",
            _vector_rows(slot, label, table),
            on_batch=lambda rows, label=label: tell(rows, f"{label} vectors"),  # type: ignore[misc]
        )
        done += len(table.keys)
    db.write("publish/run", id=run.id, properties=_about(run, slot))
    links = _links(db, run, ids, lambda models: tell(models, "links and reasons"))
    db.write_rows("publish/recommends", links)
    db.write("publish/switch", method=run.method, run=run.id, slot=slot.letter)
    _forget(db, run.method, run.id)
    return slot


def _about(run: Run, slot: Slot) -> dict[str, Any]:
    weights = {
        name: value
        for kind, each in run.weights.items()
        for name, value in (
            (f"{kind}Scale", each.scale),
            (f"{kind}Text", each.text),
            (f"{kind}Weights", [each.terms.get(term, 0.0) for term in run.terms]),
        )
    }
    return {
        "method": run.method,
        "slot": slot.letter,
        "createdAt": run.created_at,
        "asOf": run.as_of,
        "heads": run.heads,
        "terms": list(run.terms),
        "models": len(run.vectors["Model"].keys),
        "settings": json.dumps(dict(run.settings)),
        "metrics": json.dumps(dict(run.metrics)),
        **weights,
    }


def _vector_rows(slot: Slot, label: str, table: NodeVectors) -> Iterator[dict[str, Any]]:
    """Other labels than Model and Author are never a query or an item: they only send, so only that is stored."""
    answers = label in ("Model", "Author")
    for i, key in enumerate(table.keys):
        properties: dict[str, Any] = {slot.projected: table.projected[i].tolist()}
        if answers or label == "Dataset":
            properties[slot.embedding] = table.embedding[i].tolist()
        if answers:
            properties[slot.neighbours] = ["|".join(neighbour) for neighbour in table.neighbours[i]]
            properties[slot.attention] = table.attention[i].ravel().tolist()
        if label == "Model":
            properties[slot.counts] = table.counts[i].tolist()
        yield {"key": key, "properties": properties}


def _clear(db: Database, slot: Slot, label: str, table: NodeVectors) -> None:
    """Removes the slot's vectors from nodes that the new run does not know."""
    found = db.read("publish/keys_in_slot", label=label, key=_KEYS[label], property=slot.projected)
    stale = {row["key"] for row in found} - set(table.keys)
    nothing = dict.fromkeys((slot.embedding, slot.projected, slot.neighbours, slot.attention, slot.counts))
    db.write_rows(f"publish/vectors/{label}", ({"key": key, "properties": nothing} for key in sorted(stale)))


def _links(db: Database, run: Run, ids: list[str], on_model: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    """The best of all models for each of `ids`, scored by `graph.score`, with the reasons shown first."""
    models = run.vectors["Model"]
    index = {key: i for i, key in enumerate(models.keys)}
    texts = _texts(db, run)
    sides = _Sides(run, texts)
    known = _facts(db, run)
    weights = run.weights["model"]
    for number, id_ in enumerate(ids):
        on_model(number)
        if id_ not in index:
            continue
        near = cosines(texts[index[id_]], texts)
        scores = score(models.embedding[index[id_]], models.embedding, models.counts, near, run.terms, weights)
        scores[index[id_]] = -np.inf
        count = min(STORED_LINKS, len(scores) - 1)
        best = np.argpartition(-scores, count)[:count] if count else np.zeros(0, dtype=np.int64)
        best = best[np.lexsort((best, -scores[best]))]
        for rank, other in enumerate(best.tolist(), start=1):
            reasons = first(sides.model(index[id_]), sides.model(other), terms=run.terms, weights=weights, known=known)
            yield {
                "model": id_,
                "recommended": models.keys[other],
                "method": run.method,
                "run": run.id,
                "score": float(scores[other]),
                "rank": rank,
                "reasons": json.dumps([reason.as_json() for reason in reasons]),
            }


class _Sides:
    """Both ends of a pair from the run's arrays, each made once."""

    def __init__(self, run: Run, texts: FloatArray) -> None:
        self._texts = texts
        self._models = run.vectors["Model"]
        self._projected = {
            (label, key): table.projected[i] for label, table in run.vectors.items() for i, key in enumerate(table.keys)
        }
        self._made: dict[int, Side] = {}

    def model(self, i: int) -> Side:
        if i not in self._made:
            table = self._models
            self._made[i] = Side(
                label="Model",
                key=table.keys[i],
                embedding=table.embedding[i],
                facts=table.neighbours[i],
                attention=table.attention[i],
                projected=np.stack([self._projected[label, key] for _, label, key in table.neighbours[i]]),
                counts=table.counts[i],
                text=self._texts[i],
            )
        return self._made[i]


def _texts(db: Database, run: Run) -> FloatArray:
    """The text vectors of the run's models, (models, d); zeros where there is none."""
    found = {row["id"]: row["vector"] for row in db.read("similar/vectors", property="textEmbedding") if row["vector"]}
    texts = np.zeros((len(run.vectors["Model"].keys), DIMENSIONS), dtype=np.float32)
    for i, key in enumerate(run.vectors["Model"].keys):
        if key in found:
            texts[i] = found[key]
    return texts


def _facts(db: Database, run: Run) -> Facts:
    degrees = {
        (label, row["key"]): row["degree"]
        for label, (_, key) in FACT_LABELS.items()
        for row in db.read("publish/degrees", label=label, key=key)
    }
    built_on = run.vectors["Model"].counts[:, run.terms.index("built_on")]
    degrees |= {("Model", key): int(n) for key, n in zip(run.vectors["Model"].keys, built_on, strict=True)}
    relations = {(row["child"], row["base"]): row["relation"] for row in db.read("publish/relations")}
    return Facts(degrees, len(run.vectors["Model"].keys), relations, run.as_of)


def _forget(db: Database, method: str, kept: str) -> None:
    while db.write("publish/forget", method=method, run=kept, limit=10_000)[0]["deleted"]:
        pass
