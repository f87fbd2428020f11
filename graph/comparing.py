"""Some models side by side: their facts in rows, and how two of them descend from each other or from a third."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph import family
from graph.errors import BadInput
from graph.models import ModelPage
from graph.types import Step

#: How many models are compared.
LEAST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of several models: of each the values that it has, in the order of the models. `label`: the kind of node
    that a value is, where it is one. `shared`: the values that all of them have."""

    field: str
    label: str
    values: tuple[tuple[Any, ...], ...]

    @property
    def shared(self) -> frozenset[Any]:
        return frozenset.intersection(*map(frozenset, self.values))

    @property
    def differs(self) -> bool:
        return len({frozenset(each) for each in self.values}) > 1


@dataclass(frozen=True, slots=True)
class Descent:
    """How two models descend from each other, or from `ancestor`: `path` leads from the first one up to it, and then
    from the other one. `ancestor` is one of the two where it descends from it."""

    ancestor: str
    path: tuple[Step, ...]


def check(ids: Sequence[str]) -> None:
    """Raises `BadInput` where so many models cannot be compared, or one was given twice."""
    if not LEAST <= len(ids) <= MOST:
        given = {0: "No model was given", 1: "One model was given"}.get(len(ids), f"{len(ids)} models were given")
        raise BadInput(f"{given}; two to four can be compared.", "Name two to four, as a, b, c and d.")
    twice = next((each for number, each in enumerate(ids) if each in ids[:number]), None)
    if twice:
        raise BadInput(f"{twice} was given twice.", "Give different models.")


def rows(pages: Sequence[ModelPage]) -> tuple[Row, ...]:
    """The facts of the models; a row that none of them has is left out."""
    made = [
        Row(field, label, tuple(_values(page, field) for page in pages))
        for field, label in (
            ("author", "Author"),
            ("task", "Task"),
            ("library", "Library"),
            ("license", "License"),
            ("parameters", ""),
            ("downloads", ""),
            ("likes", ""),
            ("created_at", ""),
            ("last_modified", ""),
            ("relation", ""),
            ("bases", "Model"),
            ("children_total", ""),
            ("gguf", ""),
            ("gated", ""),
            ("model_type", ""),
            ("architectures", "Architecture"),
            ("languages", "Language"),
            ("datasets", "Dataset"),
            ("papers", "Paper"),
            ("tags", "Tag"),
        )
    ]
    return tuple(row for row in made if any(row.values))


def _values(page: ModelPage, field: str) -> tuple[Any, ...]:
    if field == "bases":
        return tuple(card.id for card, _, _ in page.bases)
    value = getattr(page if hasattr(page, field) else page.card, field)
    if isinstance(value, tuple):
        return value
    if field == "gguf":
        return (bool(value),)
    return () if value is None else (value,)


def descent(a: str, above_a: Sequence[family.Base], b: str, above_b: Sequence[family.Base]) -> Descent | None:
    """The nearest way from `a` to `b` over what they were made from, None where they have no ancestor in common."""
    up, down = _ways(a, above_a), _ways(b, above_b)
    common = sorted((each for each in up if each in down), key=lambda each: (len(up[each]) + len(down[each]), each))
    return Descent(common[0], (*up[common[0]], *down[common[0]])) if common else None


def _ways(id: str, bases: Sequence[family.Base]) -> dict[str, tuple[Step, ...]]:
    """The shortest way up to each ancestor of a model, and none to the model itself."""
    ways: dict[str, tuple[Step, ...]] = {id: ()}
    for child, base, _ in family.lines(id, bases):
        step = Step(("Model", child), "BASED_ON", ("Model", base.card.id))
        ways.setdefault(base.card.id, (*ways[child], step))
    return ways
