"""The family of a model: what it was made from, up to the roots, and what was made from it, by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph.database import Database
from graph.errors import BadInput
from graph.models import card_of
from graph.types import RELATIONS, ModelCard, Relation

#: How far up a family is read, and how many models of it: a merge of merges has hundreds of ancestors.
_GENERATIONS, _ANCESTORS = 12, 100


@dataclass(frozen=True, slots=True)
class Base:
    """What a model was made from: how, whether that was read from names and tags, and what the base was made from in
    turn. A base that stands in a tree more than once has its own bases where it comes first (`again` elsewhere)."""

    card: ModelCard
    relation: Relation
    inferred: bool
    bases: tuple[Base, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A model made from another, and how many were made from it."""

    card: ModelCard
    built_on: int


def ancestry(db: Database, id: str) -> tuple[Base, ...]:
    """What the model `id` was made from, and that, up to the roots; of very large families the nearest hundred."""
    bases: dict[str, list[dict[str, Any]]] = {}
    frontier, seen = [id], {id}
    for _ in range(_GENERATIONS):
        rows = db.read("explore/bases", ids=frontier) if frontier else []
        frontier = []
        for row in rows:
            bases.setdefault(row["child"], []).append(row)
            if row["card"]["id"] not in seen and len(seen) <= _ANCESTORS:
                seen.add(row["card"]["id"])
                frontier.append(row["card"]["id"])
    told: set[str] = set()

    def of(child: str) -> tuple[Base, ...]:
        made = []
        for row in bases.get(child, ()):
            card = card_of(row["card"])
            again = card.id in told
            told.add(card.id)
            inner = () if again else of(card.id)
            made.append(
                Base(card, row["relation"] or "unknown", bool(row["inferred"]), inner, again and card.id in bases)
            )
        return tuple(made)

    return of(id)


def lines(id: str, bases: Sequence[Base]) -> Iterator[tuple[str, Base, int]]:
    """A tree of bases as links: (child, base, how many steps back)."""
    level: list[tuple[str, Base]] = [(id, each) for each in bases]
    generation = 1
    while level:
        yield from ((child, base, generation) for child, base in level)
        level = [(base.card.id, each) for _, base in level for each in base.bases]
        generation += 1


def children(db: Database, id: str, kind: str | None = None, *, skip: int = 0, limit: int = 20) -> tuple[Child, ...]:
    """Models made from the model `id`, those of a `kind` (a relation) or all, the most downloaded first.

    Raises `BadInput`.
    """
    if kind is not None and kind not in RELATIONS:
        raise BadInput(f"There is no kind {kind!r}.", f"Known are: {', '.join(RELATIONS)}.")
    rows = db.read("explore/children", id=id, kind=kind, skip=skip, limit=limit)
    found = [Child(card_of(row["card"]), int(row["card"]["builtOn"] or 0)) for row in rows]
    return tuple(sorted(found, key=lambda child: (-(child.card.downloads or 0), child.card.id)))
