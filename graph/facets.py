"""Models that a search looks at, which of them its filters let through, and how often each value occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.models import card_of
from graph.query_language import Query, sizes, times
from graph.types import ModelCard

#: Sizes in bands: what a `size:` says, and where it begins.
BANDS = (("<100M", 0), ("100M..1B", 1e8), ("1B..3B", 1e9), ("3B..8B", 3e9), ("8B..30B", 8e9), (">=30B", 3e10))

Filter = Callable[["Found"], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A model that was looked at. `key` is shared by the forms of one model (its name without its form). `created`
    and `changed`, which the index alone knows, are times as ISO 8601 text in UTC, which compare as times do and cost a
    tenth of reading them; the card has none."""

    card: ModelCard
    created: str
    key: str
    trending: float
    described: bool
    languages: tuple[str, ...]
    bases: tuple[str, ...]
    datasets: tuple[str, ...]
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many models have it, or at least have it."""

    value: str
    count: int
    at_least: bool = False


def found_of(row: Mapping[str, Any]) -> Found:
    """From a row of the statements that search."""
    key, trending = row["nameKey"] or row["id"], row["trendingScore"] or 0.0
    return Found(
        card_of(row),
        row["created"] or "",
        key,
        trending,
        row["described"],
        tuple(row["languages"]),
        tuple(row["bases"]),
        tuple(row["datasets"]),
        row.get("changed"),
    )


def _band(found: Found) -> tuple[str, ...]:
    size = found.card.parameters
    return () if size is None else ([name for name, begin in BANDS if size >= begin][-1],)


#: The values of a model in each facet.
_VALUES: dict[str, Callable[[Found], tuple[str | None, ...]]] = {
    "task": lambda found: (found.card.task,),
    "library": lambda found: (found.card.library,),
    "license": lambda found: (found.card.license,),
    "language": lambda found: found.languages,
    "size": _band,
    "kind": lambda found: (found.card.relation or "original",),
    "created": lambda found: (found.created[:4] or None,),
}
FACETS = tuple(_VALUES)


def has_card(found: Found) -> bool:
    """Whether a model says what only a model card says: a description, a licence or a language."""
    return found.described or found.card.license is not None or bool(found.languages)


def filters_of(query: Query) -> dict[str, Filter]:
    """What a model has to fulfil, by field."""
    made: dict[str, Callable[[str], Filter]] = {
        "author": lambda value: lambda found: found.card.author == value,
        "base": lambda value: lambda found: value in found.bases,
        "dataset": lambda value: lambda found: value in found.datasets,
        "name": lambda value: lambda found: found.key == value,
        "card": lambda value: lambda found: has_card(found) == (value == "yes"),
        "size": lambda value: _between(sizes(value), lambda found: found.card.parameters),
        "created": lambda value: _between(_days(value), lambda found: found.created or None),
    }
    return {
        field: made[field](value) if field in made else _having(field, value) for field, value in query.filters.items()
    }


def parameters_of(query: Query) -> dict[str, Any]:
    """The filters as parameters of the statements that select models."""
    given: dict[str, Any] = dict(query.filters)
    least, below = sizes(given.pop("size")) if "size" in given else (None, None)
    since, until = times(given.pop("created")) if "created" in given else (None, None)
    if "card" in given:
        given["card"] = given["card"] == "yes"
    return {**given, "least": least, "below": below, "since": since, "until": until}


def _having(field: str, value: str) -> Filter:
    return lambda found: value in _VALUES[field](found)


def _days(value: str) -> tuple[str | None, str | None]:
    """What `created:` allows, as texts: all its bounds are whole days."""
    since, until = times(value)
    return since.strftime("%Y-%m-%d") if since else None, until.strftime("%Y-%m-%d") if until else None


def _between(bounds: tuple[Any, Any], of: Callable[[Found], float | str | None]) -> Filter:
    low, high = bounds

    def fits(found: Found) -> bool:
        value: Any = of(found)
        return value is not None and (low is None or value >= low) and (high is None or value < high)

    return fits


def counted(
    found: Sequence[Found], filters: Mapping[str, Filter], at_least: bool
) -> tuple[dict[str, list[FacetValue]], Counter[str]]:
    """How often each value occurs among what the other filters let through, by facet; and how many models each filter
    alone keeps out."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    kept_out: Counter[str] = Counter()
    for each in found:
        failed = [field for field, fits in filters.items() if not fits(each)]
        if len(failed) > 1:
            continue
        kept_out.update(failed)
        for facet in failed or FACETS:
            if facet in counts:
                counts[facet].update(value for value in _VALUES[facet](each) if value is not None)
    return {facet: _ordered(facet, values, at_least) for facet, values in counts.items()}, kept_out


def _ordered(facet: str, counts: Mapping[str, int], at_least: bool) -> list[FacetValue]:
    """The most frequent first; sizes and years in their order."""
    bands = [name for name, _ in BANDS]
    orders: dict[str, Callable[[str], Any]] = {
        "size": bands.index,
        "created": lambda value: -int(value),
    }
    order = orders.get(facet, lambda value: (-counts[value], value))
    return [FacetValue(value, counts[value], at_least) for value in sorted(counts, key=order)]
