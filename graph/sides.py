"""What a score and its reasons are made of, read from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np

from graph.database import Database
from graph.drafts import Facts, Node
from graph.errors import NotBuilt
from graph.models import card_of
from graph.score import Side
from graph.slots import FORM, Slot
from graph.types import FloatArray, ModelCard, Neighbour, Relation, Run, ScoreWeights

QueryKind = Literal["model", "author"]

#: How many sides `RunSides` holds, some 20 kB each.
_SIDES = 10_000

#: How many models there are, per database and run: the reasons need it, and counting is slow.
_MODELS: WeakKeyDictionary[Database, tuple[str, int]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Service:
    """The run that is in service: its id, slot, term names, weights per kind of query, heads, its moment, how many
    models it was published for, and whether some were added since."""

    run: str
    slot: Slot
    heads: int
    terms: tuple[str, ...]
    weights: Mapping[QueryKind, ScoreWeights]
    as_of: datetime | None
    models: int | None
    extended: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """The run in service and the sides that were asked for, by key; sides that the run does not know are missing.
    `nearest` are rows as of `recommend/nearest`, by whom they are nearest to; `deleted` says which models went from the
    Hub, and when."""

    service: Service
    sides: Mapping[str, Side]
    cards: Mapping[str, ModelCard]
    known: Facts
    nearest: Mapping[str, Sequence[dict[str, Any]]]
    deleted: Mapping[str, datetime]

    def of(self, id: str) -> Side:
        """The side of one. Raises `NotBuilt` where the run does not know it."""
        if id not in self.sides:
            raise not_known(self.service.slot.method, id)
        return self.sides[id]


def merged(known: Facts, more: Facts) -> Facts:
    """What is known of both."""
    return replace(known, degrees={**known.degrees, **more.degrees}, relations={**known.relations, **more.relations})


def service_of(data: Mapping[str, Any], method: str) -> Service:
    """A Run node's properties as `Service`. Raises `NotBuilt` where the run was stored as something else than now."""
    if data.get("form") != FORM:
        problem = f"The {method} network was published by another version, which stored other things."
        raise NotBuilt(problem, "Run: hfmrs build")
    terms = tuple(data["terms"] or ())

    def weights(kind: QueryKind) -> ScoreWeights:
        numbers = data.get(f"{kind}Weights") or ()
        counted = dict(zip(terms, map(float, numbers), strict=False))
        return ScoreWeights(float(data[f"{kind}Scale"]), counted, float(data.get(f"{kind}Text") or 0.0))

    return Service(
        run=data["id"],
        slot=Slot(method, data["slot"]),
        heads=int(data["heads"]),
        terms=terms,
        weights={"model": weights("model"), "author": weights("author")},
        as_of=data.get("asOf"),
        models=data.get("models"),
        extended=bool(data.get("extended")),
    )


def not_published(method: str) -> NotBuilt:
    return NotBuilt(f"No {method} network has been published yet.", "Run: hfmrs build")


def not_known(method: str, key: str) -> NotBuilt:
    return NotBuilt(f"The {method} network does not know {key} yet.", "Run: hfmrs build")


def read_models(db: Database, method: str, ids: Sequence[str], near: Sequence[str] = ()) -> Sides:
    """The sides of some models, and what is stored as nearest to those of `near`, in one round trip. Raises `NotBuilt`
    where no run is in service."""
    return _sides(db, method, db.read("why/sides", ids=list(ids), method=method, near=list(near)))


def read_author(db: Database, method: str, author: str) -> Sides:
    """The side of an author, in one round trip. Raises `NotBuilt` where no run is in service."""
    return _sides(db, method, db.read("why/author_side", author=author, method=method))


def vector(numbers: Iterable[float] | None) -> FloatArray:
    return np.array(list(numbers or ()), dtype=np.float32)


def count_models(db: Database, run: str, stored: int | None) -> int:
    """How many models there were when `run` was published, else are now."""
    if stored:
        return int(stored)
    held = _MODELS.get(db)
    if held is None or held[0] != run:
        held = (run, int(db.read("explore/count_models")[0]["models"]))
        _MODELS[db] = held
    return held[1]


def _sides(db: Database, method: str, rows: Sequence[Mapping[str, Any]]) -> Sides:
    service: Service | None = None
    raw: dict[Node, Mapping[str, Any]] = {}
    projected: dict[Node, FloatArray] = {}
    degrees: dict[Node, int] = {}
    relations: dict[tuple[str, str], Relation] = {}
    nearest: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        node, data = (row["label"], row["key"]), row["data"]
        if row["row"] == "run":
            service = service_of(data, method)
        elif row["row"] == "relation":
            relations[row["key"], data["base"]] = row["label"] or "unknown"
        elif row["row"] == "near":
            nearest.setdefault(data["of"], []).append({"card": row["card"], **data})
        elif row["row"] == "side":
            raw[node] = data
            if data["projected"]:
                projected[node] = vector(data["projected"])
        else:
            for label, key, degree, sent in data["facts"]:
                degrees[label, key] = int(degree or 0)
                if sent:
                    projected[label, key] = vector(sent)
    if service is None:
        raise not_published(method)
    sides = {
        key: _side(label, key, data, projected, service)
        for (label, key), data in raw.items()
        if data["embedding"] and data["neighbours"]
    }
    models = count_models(db, service.run, service.models)
    cards = {row["key"]: card_of(row["card"]) for row in rows if row["row"] == "side" and row.get("card")}
    gone = {key: data["deleted"] for (_, key), data in raw.items() if data.get("deleted")}
    return Sides(service, sides, cards, Facts(degrees, models, relations, service.as_of), nearest, gone)


def _side(
    label: str, key: str, data: Mapping[str, Any], projected: Mapping[Node, FloatArray], service: Service
) -> Side:
    """A side with those of its kept neighbours that are still in the graph."""
    facts: list[Neighbour] = []
    for text in data["neighbours"]:
        relationship, of, name = text.split("|", 2)
        facts.append((relationship, of, name))
    attention = vector(data["attention"]).reshape(len(facts), service.heads)
    width = len(data["embedding"])
    incoming = iter(vector(data.get("incoming")).reshape(-1, width))
    sent = [
        next(incoming, None) if label == "Model" and fact[0].startswith("<") else projected.get(fact[1:])
        for fact in facts
    ]
    there = [i for i, each in enumerate(sent) if each is not None]
    return Side(
        label=label,
        key=key,
        embedding=vector(data["embedding"]),
        facts=tuple(facts[i] for i in there),
        attention=attention[there],
        projected=np.array([sent[i] for i in there], dtype=np.float32).reshape(len(there), width),
        counts=vector(data["counts"]),
        text=vector(data.get("text")),
    )


class RunSides:
    """The sides of models out of a run's arrays, as they are read once it is published; what was made is held, up to
    so many."""

    def __init__(self, run: Run) -> None:
        self._vectors = run.vectors
        self._rows = {label: {key: row for row, key in enumerate(table.keys)} for label, table in run.vectors.items()}
        self._made: dict[str, Side] = {}

    def of(self, model: str) -> Side:
        """The side of one. Raises `KeyError` where the run does not know it."""
        if model not in self._made:
            if len(self._made) == _SIDES:
                self._made.clear()
            table, row = self._vectors["Model"], self._rows["Model"][model]
            facts = table.neighbours[row]
            self._made[model] = Side(
                label="Model",
                key=model,
                embedding=table.embedding[row],
                facts=facts,
                attention=table.attention[row],
                projected=np.stack([self._vectors[label].projected[self._rows[label][key]] for _, label, key in facts]),
                counts=table.counts[row],
                text=table.texts[row],
            )
        return self._made[model]
