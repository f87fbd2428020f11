"""Models by filters alone: from the index in the home folder, else from the database, where nothing is counted while
answering and no more is read than a bound allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from graph.database import Database
from graph.facets import FACETS, FacetValue, Found, counted, filters_of, found_of, parameters_of
from graph.known import FACTS, Known
from graph.query_language import Query

#: Parameters of `explore/select` that say where to start, by field.
_STARTS = {
    "task": "tasks",
    "library": "libraries",
    "license": "licenses",
    "language": "languages",
    "author": "authors",
    "name": "names",
    "base": "bases",
    "dataset": "datasets",
}
#: How many models a page's facets are counted over at most, and how many are listed at most.
_LOOKED_AT, _MOST = 200, 2_000
#: A graph of so many models is read whole. In a larger one only the first in order are read, as many as will probably
#: hold enough that pass, then four times as many, and so on up to a bound; or all that a filter leaves, where these
#: are fewer, or fewer than another bound when the first were too few.
_SMALL, _BOUND, _WIDE = 2_500, 4_000, 20_000
#: Starts whose filter has to look at links of each model: all are read from there sooner than the first are sifted.
_LINKED = {"languages", "datasets"}
#: How many of all models pass a filter that is not a fact, roughly.
_SHARE = 0.2
_ORDERS = {"downloads": "downloads", "likes": "likes", "newest": "created", "trending": "likes"}
_EVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
#: How many values of a facet are told.
_VALUES = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """`found`: models in order. `total` of all, a lower bound where `at_least`. `kept_out`: how many models each
    filter alone keeps out, where nothing is found."""

    found: Sequence[Found]
    total: int
    at_least: bool
    facets: Mapping[str, Sequence[FacetValue]]
    kept_out: Mapping[str, int]


def browse(db: Database, query: Query, known: Known, sort: str, wanted: int) -> Listed:
    """The first models that pass the filters, enough for `wanted` of different names where there are."""
    found, total, complete = best(db, query, known, sort, min(2 * wanted, _MOST))
    counts, _ = counted(found, filters_of(query), len(found) < total or not complete)
    facets: dict[str, Sequence[FacetValue]] = dict(counts)
    kept_out: Counter[str] = Counter()
    at_least = not complete
    if not query.filters:
        facets |= {field: _stored(known, field) for field in FACTS}
        total, at_least = known.total, False
    for field, value in query.filters.items():
        if len(query.filters) == 1 and field in FACTS:
            facets[field] = _stored(known, field)
            if not complete and value in known.facts[field]:
                total, at_least = max(known.facts[field][value], total), False
        elif not found or len(query.filters) == 1:
            others, kept_out[field], all_there = best(db, query.having(field, None), known, sort, _LOOKED_AT // 4)
            if field in FACETS:
                facets[field] = counted(others, {}, len(others) < kept_out[field] or not all_there)[0][field]
    return Listed(found, total, at_least, facets, kept_out)


def best(db: Database, query: Query, known: Known, sort: str, wanted: int) -> tuple[list[Found], int, bool]:
    """The first models in order, how many there are, and whether that is all or only as many as were read."""
    limit = max(wanted, _LOOKED_AT)
    if known.words:
        rows, total = known.words.select(query.filters, sort, limit)
        return [found_of(row) for row in rows], total, True
    found, complete = _read(db, query, known, sort, wanted, limit)
    return found, len(found), complete


#: Where `explore/select` starts: one of its lists.
Start = Mapping[str, Sequence[str]]


def narrowest(db: Database, query: Query, known: Known) -> tuple[Start | None, int]:
    """Where to start: the filter that leaves the fewest models, of those that lead to them, and how many these are."""
    there: dict[str, int] = {}
    for field, value in query.filters.items():
        if field in FACTS:
            there[field] = known.facts[field].get(value, 0)
        elif field == "author":
            there[field] = sum(row["models"] for row in db.read("explore/author", name=value))
        elif field == "dataset":
            there[field] = sum(row["models"] for row in db.read("explore/dataset", id=value))
        elif field in _STARTS:
            there[field] = 1
    best = min(there, key=lambda field: there[field], default=None)
    return ({_STARTS[best]: [query.filters[best]]}, there[best]) if best else (None, 0)


def select(
    db: Database, query: Query, start: Start, sort: str, limit: int, vector: Sequence[float] | None = None
) -> list[Found]:
    """Models that pass all filters, by reading all there are from `start` on; the nearest to `vector` first."""
    given = {"names": [], **start, **parameters_of(query)}
    rows = db.read("explore/select", **given, vector=vector, sort=sort, limit=limit)
    return [found_of(row) for row in rows]


def _read(db: Database, query: Query, known: Known, sort: str, wanted: int, limit: int) -> tuple[list[Found], bool]:
    """The first models in order from the database, and whether there are no others."""
    if known.total <= _SMALL:
        found = _first(db, query, sort, _EVER if sort == "newest" else 0, limit)
        return found, len(found) < limit
    reach = int(wanted / _share(query, known))
    start, there = narrowest(db, query, known)
    linked = start is not None and start.keys() <= _LINKED and there <= _WIDE
    if not linked and (start is None or there > min(reach, _BOUND)):
        while True:
            found = _first(db, query, sort, known.floor(_ORDERS[sort], min(reach, _BOUND)), limit)
            if len(found) >= wanted:
                return found, False
            if reach >= _BOUND:
                break
            reach *= 4
    if start and there <= _WIDE:
        found = select(db, query, start, sort, limit)
        return found, len(found) < limit
    return found, False


def _first(db: Database, query: Query, sort: str, floor: Any, limit: int) -> list[Found]:
    """Those that pass of the models from `floor` on."""
    if isinstance(floor, str):
        floor = datetime.fromisoformat(floor[:10]).replace(tzinfo=timezone.utc)
    rows = db.read(f"explore/browse_{sort}", at_least=floor, limit=limit, **parameters_of(query))
    return [found_of(row) for row in rows]


def _share(query: Query, known: Known) -> float:
    """How many of all models pass, roughly."""
    share = 1.0
    for field, value in query.filters.items():
        share *= known.facts[field].get(value, 0) / known.total if field in FACTS else _SHARE
    return max(share, 1 / known.total)


def _stored(known: Known, field: str) -> list[FacetValue]:
    return [FacetValue(value, models) for value, models in [*known.facts[field].items()][:_VALUES]]
