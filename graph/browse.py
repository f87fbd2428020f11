"""Models by filters alone. Nothing is counted while answering, and no more is read than a bound allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
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
}
#: How many models are looked at for a page and its facets, and at most for any page.
_LOOKED_AT, _MOST = 200, 2_000
#: Up to so many models are read one by one, where they are all that a filter leaves; and where the best of all models
#: were too few.
_NARROW, _WIDE = 3_000, 50_000
#: A graph of so many models is read whole. In a larger one the best come first: those with so many downloads, likes, or
#: so many days old; then more of them, while they are too few.
_SMALL = 20_000
_FLOORS = {"downloads": (1_000_000, 100_000, 10_000, 1_000), "likes": (1_000, 100, 10), "trending": (100, 10)}
_DAYS = tuple(7 * 2**n for n in range(9))
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
    limit = min(max(_LOOKED_AT, 2 * wanted), _MOST)
    found, complete = _best(db, query, known, sort, limit)
    counts, _ = counted(found, filters_of(query), not complete)
    facets: dict[str, Sequence[FacetValue]] = dict(counts)
    kept_out: Counter[str] = Counter()
    total, at_least = len(found), not complete
    if not query.filters:
        facets |= {field: _stored(known, field) for field in FACTS}
        total, at_least = _models(db), False
    for field, value in query.filters.items():
        if len(query.filters) == 1 and field in FACTS:
            facets[field] = _stored(known, field)
            if not complete and value in known.facts[field]:
                total, at_least = max(known.facts[field][value], total), False
        elif field in FACETS or not found:
            others, all_there = _best(db, query.having(field, None), known, sort, _LOOKED_AT)
            kept_out[field] = len(others)
            if field in FACETS:
                facets[field] = counted(others, {}, not all_there)[0][field]
    return Listed(found, total, at_least, facets, kept_out)


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


def _best(db: Database, query: Query, known: Known, sort: str, limit: int) -> tuple[list[Found], bool]:
    """The first models in order, and whether there are no others."""
    start, there = narrowest(db, query, known)
    if start and there <= _NARROW:
        found = select(db, query, start, sort, limit)
        return found, len(found) < limit
    whole = _models(db) <= _SMALL
    found = []
    for floor in (*(() if whole else _floors(sort)), *([_EVER if sort == "newest" else 0] if whole else ())):
        rows = db.read(f"explore/browse_{sort}", at_least=floor, limit=limit, **parameters_of(query))
        found = [found_of(row) for row in rows]
        if len(found) == limit:
            return found, False
    if not whole and start and there <= _WIDE:
        found = select(db, query, start, sort, limit)
        return found, len(found) < limit
    return found, whole


def _floors(sort: str) -> Sequence[Any]:
    if sort == "newest":
        now = datetime.now(timezone.utc)
        return [now - timedelta(days=days) for days in _DAYS]
    return _FLOORS[sort]


def _models(db: Database) -> int:
    return int(db.read("explore/count_models")[0]["models"])


def _stored(known: Known, field: str) -> list[FacetValue]:
    return [FacetValue(value, models) for value, models in [*known.facts[field].items()][:_VALUES]]
