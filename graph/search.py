"""Search: words and meaning together, facets over what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from graph import models
from graph.database import Database
from graph.errors import BadInput, NotBuilt
from graph.ranking import ORDERS
from graph.types import ModelCard

SORTS = ("relevance", *ORDERS)
FACETS = ("task", "library", "license")

#: How many models each of the two searches proposes, and how much a first place counts against a later one.
CANDIDATES = 200
_FUSION = 60

#: Letters a word needs to be taken as the beginning of a longer one.
_PREFIX = 3

#: Where browsing begins to look.
_FLOORS = {"downloads": (100_000, 1_000), "likes": (100, 10)}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of an answer. `facets[facet]`: (value, number of models) with the most first.

    `total` is a lower bound where `total_is_lower_bound` says so, and then the facets count only what was looked at.
    `fallback` is a sentence for people where the answer is not what they asked for word by word.
    """

    cards: tuple[ModelCard, ...]
    total: int
    total_is_lower_bound: bool
    facets: Mapping[str, Sequence[tuple[str, int]]]
    fallback: str | None = None


def search(
    db: Database,
    text: str,
    vector: Sequence[float] | None = None,
    *,
    task: str | None = None,
    library: str | None = None,
    license: str | None = None,
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> SearchPage:
    """Models whose words match `text` or whose meaning is near `vector` (its static text vector), best first.

    A text that is a model's id brings that model first. Without a text: all models, the most downloaded first.
    Raises `BadInput`.
    """
    if sort not in SORTS:
        raise BadInput(f"There is no sort order {sort!r}.", f"Known are: {', '.join(SORTS)}.")
    if limit < 1 or offset < 0:
        raise BadInput(f"limit is {limit} and offset {offset}.", "A limit is 1 or more, an offset 0 or more.")
    filters = {name: value for name, value in zip(FACETS, (task, library, license), strict=True) if value}
    if not text.strip():
        return _browse(db, filters, sort, limit, offset)
    found, complete, fallback = _candidates(db, text, vector, filters, offset + limit)
    kept = [card for card in found if _passes(card, filters)]
    if sort != "relevance":
        kept.sort(key=ORDERS[sort], reverse=True)
    return SearchPage(
        cards=tuple(kept[offset : offset + limit]),
        total=len(kept),
        total_is_lower_bound=not complete,
        facets={facet: _facet(found, filters, facet) for facet in FACETS},
        fallback=fallback if kept else None,
    )


def _candidates(
    db: Database, text: str, vector: Sequence[float] | None, filters: Mapping[str, str], wanted: int
) -> tuple[list[ModelCard], bool, str | None]:
    """(models best first, whether these are all there are, a sentence where no words matched)."""
    lists: list[list[ModelCard]] = []
    k = max(CANDIDATES, 2 * wanted)
    words = models.words(text)
    by_word = _read(db, "explore/search_text", words=_query(words), k=k) if words else []
    lists.append(by_word)
    if vector is not None:
        numbers = [float(each) for each in vector]
        with suppress(NotBuilt):  # the first vectors are still being made: words alone, then
            lists.append(_read(db, "explore/search_meaning", vector=numbers, k=k))
        if filters and sum(_passes(card, filters) for card in _fused(lists)) < wanted:
            lists.append(_read(db, "explore/search_scan", vector=numbers, k=k, **filters))
    first = [row["id"] for row in db.read("explore/resolve", ids=[text.strip()])] if " " not in text.strip() else []
    exact = list(models.cards(db, first).values())
    fused = [*exact, *(card for card in _fused(lists) if card.id not in first)]
    complete = vector is None and len(by_word) < k
    return fused, complete, None if by_word or exact else "No model has these words; these come nearest in meaning."


def _read(db: Database, name: str, **params: Any) -> list[ModelCard]:
    return [models.card_of(row["card"]) for row in db.read(name, **params)]


def _query(words: Sequence[str]) -> str:
    """Any of the words, the last one also as the beginning of a longer word."""
    begun = [f"{words[-1]}*"] if len(words[-1]) >= _PREFIX else []
    return " ".join([*dict.fromkeys(words), *begun])


def _fused(lists: Sequence[Sequence[ModelCard]]) -> list[ModelCard]:
    """Reciprocal rank fusion."""
    scores: dict[str, float] = {}
    cards: dict[str, ModelCard] = {}
    for ranked in lists:
        for rank, card in enumerate(ranked, start=1):
            scores[card.id] = scores.get(card.id, 0.0) + 1.0 / (_FUSION + rank)
            cards[card.id] = card
    return [cards[id] for id in sorted(scores, key=lambda id: (-scores[id], -(cards[id].downloads or 0), id))]


def _passes(card: ModelCard, filters: Mapping[str, str]) -> bool:
    return all(getattr(card, name) == value for name, value in filters.items())


def _facet(found: Sequence[ModelCard], filters: Mapping[str, str], facet: str) -> list[tuple[str, int]]:
    """How often each value of `facet` occurs among what the other filters let through."""
    others = {name: value for name, value in filters.items() if name != facet}
    values = Counter(getattr(card, facet) for card in found if _passes(card, others))
    return sorted(((v, n) for v, n in values.items() if v is not None), key=lambda each: (-each[1], each[0]))


def _browse(db: Database, filters: Mapping[str, str], sort: str, limit: int, offset: int) -> SearchPage:
    """All models; facets and totals come from stored degrees, nothing is counted."""
    cards = _most(db, "downloads" if sort == "relevance" else sort, offset, limit + 1, filters)
    facets: dict[str, list[tuple[str, int]]] = {facet: [] for facet in FACETS}
    for row in db.read("explore/facets"):
        facets[row["facet"]].append((row["value"], int(row["count"])))
    seen = offset + len(cards)
    total, exact = seen, len(cards) <= limit
    if not exact and not filters:
        total, exact = int(db.read("explore/count_models")[0]["models"]), True
    elif not exact and len(filters) == 1:
        ((facet, value),) = filters.items()
        stored = dict(facets[facet]).get(value)
        total, exact = (max(stored, seen), True) if stored else (seen, False)
    return SearchPage(tuple(cards[:limit]), total, not exact, facets)


def _most(db: Database, order: str, offset: int, limit: int, filters: Mapping[str, str]) -> list[ModelCard]:
    """Models in order. Sorting all of them is slow, so where there is a number to go by, the top is tried first."""
    for at_least in _FLOORS.get(order, ()):
        found = _read(db, f"explore/browse_{order}", offset=offset, limit=limit, at_least=at_least, **filters)
        if len(found) == limit:
            return found
    return _read(db, f"explore/browse_{order}", offset=offset, limit=limit, **filters)
