"""What is known of one task, library, licence, language or dataset: its numbers, its models, and what goes with it.

Nothing is counted over a hub's links: how many models have it is stored, and what goes with it is told of the most
downloaded ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph import growth, models
from graph.browse import best
from graph.database import Database
from graph.errors import NotFound
from graph.facets import Found, counted
from graph.growth import Month
from graph.known import FACTS, Known
from graph.query_language import Query
from graph.types import ModelCard

#: The label of each kind, which is a field of the search as well.
LABELS = {"task": "Task", "library": "Library", "license": "License", "language": "Language", "dataset": "Dataset"}
#: Models listed, models of different names asked for (50 to 200 come, by how quick they are had), and values told.
_LISTED, _LOOKED_AT, _VALUES = 8, 25, 10
#: Datasets that are listed; of the other kinds all are.
DATASETS = 1_000


@dataclass(frozen=True, slots=True)
class Beside:
    """Values of another field, each with how many of the models looked at have it."""

    field: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement behind a block, by its name under `cypher/`, and its parameters."""

    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What the Hub tells of a dataset."""

    author: str | None
    likes: int | None
    downloads: int | None
    created: datetime | None
    description: str | None


@dataclass(frozen=True, slots=True)
class KindPage:
    """`models`: how many have it, of the `total`. `beside` is counted over the `looked_at` most downloaded of them.

    `growth`: how many were made in each month; none where they are few. `statements`: what is behind `most_used`,
    `newest`, `beside` and `growth`.
    """

    field: str
    name: str
    models: int
    total: int
    most_used: tuple[ModelCard, ...]
    newest: tuple[ModelCard, ...]
    beside: tuple[Beside, ...]
    looked_at: int
    growth: tuple[Month, ...]
    statements: Mapping[str, Statement]
    about: About | None = None

    @property
    def query(self) -> Query:
        """The search for its models."""
        return Query((), {self.field: self.name})


def listed(db: Database, known: Known, field: str) -> list[tuple[str, int]]:
    """All of a kind with how many models have each, the most first; of datasets the first thousand."""
    if field in FACTS:
        return list(known.facts[field].items())
    return [(row["id"], int(row["models"])) for row in db.read("explore/datasets", k=DATASETS)]


def read(db: Database, known: Known, field: str, name: str) -> KindPage:
    """The page of one. Raises `NotFound`."""
    count, about = _about(db, known, field, name)
    query = Query((), {field: name})
    with ThreadPoolExecutor(1) as beside:
        latest = beside.submit(best, db, query, known, "newest", 2 * _LISTED)
        most, total, complete = best(db, query, known, "downloads", 2 * _LOOKED_AT)
        newest = _first(latest.result()[0])
    used = _first(most)
    cards = models.cards(db, {each.card.id for each in (*used, *newest)})
    given = {field: name}
    dates = [each.created for each in newest if each.created]
    floor = {"at_least": min((each.card.downloads or 0 for each in used), default=0), "limit": len(used)}
    since = {"at_least": min(dates, default="1970-01-01"), "limit": len(newest)}
    least = min((each.card.downloads or 0 for each in most), default=0)
    return KindPage(
        field,
        name,
        total if complete else max(count, total),
        known.total,
        _cards(cards, used),
        _cards(cards, newest),
        _beside(db, known, most, field, name),
        len(most),
        growth.read(db, LABELS[field], name),
        {
            "most_used": Statement("explore/browse_downloads", given | floor),
            "newest": Statement("explore/browse_newest", given | since),
            "beside": Statement("explore/beside", given | {"at_least": least, "limit": len(most)}),
            "growth": Statement(f"explore/growth/{LABELS[field]}", {"key": name}),
        },
        about,
    )


def _about(db: Database, known: Known, field: str, name: str) -> tuple[int, About | None]:
    """How many models have it, and of a dataset what else is known."""
    if field == "dataset":
        for row in db.read("explore/dataset", id=name):
            about = About(row["author"], row["likes"], row["downloads"], row["created"], row["description"])
            return int(row["models"]), about
    elif name in known.facts[field]:
        return known.facts[field][name], None
    near = [value for _, _, value in known.unknown(Query((), {field: name})) if value]
    kind = "licence" if field == "license" else field
    hint = f"Did you mean {near[0]}?" if near else f"Search for models: /search?q={field}:…"
    raise NotFound(f"No model has the {kind} {name!r}.", hint)


def _first(found: Sequence[Found]) -> list[Found]:
    """The first of each name: other forms of a model tell nothing new."""
    by_key: dict[str, Found] = {}
    for each in found:
        by_key.setdefault(each.key, each)
    return list(by_key.values())[:_LISTED]


def _cards(cards: Mapping[str, ModelCard], found: Sequence[Found]) -> tuple[ModelCard, ...]:
    return tuple(cards[each.card.id] for each in found if each.card.id in cards)


def _datasets(db: Database, known: Known, found: Sequence[Found]) -> list[tuple[str, int]]:
    """The datasets that models were trained on, which the index tells with them, and how many were."""
    if known.words:
        counts = Counter(dataset for each in found for dataset in each.datasets)
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = db.read("explore/trained_on", ids=[each.card.id for each in found])
    return [(row["dataset"], int(row["models"])) for row in rows]


def _beside(db: Database, known: Known, found: Sequence[Found], field: str, name: str) -> tuple[Beside, ...]:
    counts, _ = counted(found, {}, False)
    values = {other: [(each.value, each.count) for each in counts[other]] for other in FACTS if other != field}
    values["dataset"] = _datasets(db, known, found)
    if field == "language":  # a model may have several
        values["language"] = [(each.value, each.count) for each in counts["language"]]
    return tuple(
        Beside(other, tuple((value, count) for value, count in pairs if (other, value) != (field, name))[:_VALUES])
        for other, pairs in values.items()
        if any((other, value) != (field, name) for value, _ in pairs)
    )
