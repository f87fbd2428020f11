"""From scored models to a list: variants collapsed, the best k, in the order people want."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from graph.types import ModelCard, Reason, Recommendation

_NEVER = datetime.min.replace(tzinfo=timezone.utc)

#: What the orders beside that of the answer itself go by.
ORDERS: dict[str, Callable[[ModelCard], Any]] = {
    "downloads": lambda card: card.downloads or 0,
    "likes": lambda card: card.likes or 0,
    "newest": lambda card: card.created_at or _NEVER,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A model with its score, the ids of its variants in the same answer, and reasons for parts of the score that are
    not the method's (`graph.novelty`)."""

    card: ModelCard
    score: float
    variants: tuple[str, ...] = ()
    beside: tuple[Reason, ...] = ()


def collapse(found: Iterable[tuple[ModelCard, str | None, float]]) -> list[Ranked]:
    """`found` (model, name key, score) best first, with one model for each key: the best that is no variant of
    another model, else the best that is no quantisation, else the best. The others become its variants."""
    groups: dict[str, list[tuple[ModelCard, float]]] = {}
    for card, key, score in sorted(found, key=lambda each: (-each[2], each[0].id)):
        groups.setdefault(key or card.id, []).append((card, score))
    kept = []
    for group in groups.values():
        original = next((each for each in group if each[0].relation is None), None)
        card, score = original or next((each for each in group if each[0].relation != "quantized"), group[0])
        kept.append(Ranked(card, score, tuple(other.id for other, _ in group if other.id != card.id)))
    return sorted(kept, key=lambda each: (-each.score, each.card.id))


def chosen(
    ranked: Sequence[Ranked], k: int, sort: str, without: Collection[str], shown: int | None
) -> Sequence[Ranked]:
    """The k best of `ranked` that hold none of the models `without`; of these the first `shown` in the order `sort`."""
    left_out = frozenset(without)
    best = [each for each in ranked if left_out.isdisjoint((each.card.id, *each.variants))][:k]
    return best if shown is None else _ordered(best, sort)[:shown]


def _ordered(ranked: Sequence[Ranked], sort: str) -> Sequence[Ranked]:
    order = ORDERS.get(sort)
    return sorted(ranked, key=lambda each: order(each.card), reverse=True) if order else ranked


def listed(
    method: str, ranked: Sequence[Ranked], sort: str, reasons: Mapping[str, tuple[Reason, ...]]
) -> tuple[Recommendation, ...]:
    """Recommendations in the order `sort` ("score" or one of `ORDERS`), with their reasons by model id."""
    return tuple(
        Recommendation(each.card, each.score, rank, method, reasons.get(each.card.id, ()), each.variants)
        for rank, each in enumerate(_ordered(ranked, sort), start=1)
    )
