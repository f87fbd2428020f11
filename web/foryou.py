"""What suits a person: from what they liked, built and viewed, or from a task where nothing is known of them yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from graph.errors import NotFound
from graph.filters import Filters
from graph.languages import came
from graph.types import Answer, ModelCard
from web.account import people
from web.queries import filters_of
from web.service import service
from web.store import Person

Reasons = Literal["none", "first", "all"]

#: How many of the latest likes, of the most downloaded own models and of the latest views count.
SOURCES = {"likes": 24, "built": 8, "views": 8}
#: Of so many models that suit a person best, the newest are what is worth knowing.
NEAR = 100
#: How many much used models stand for a task.
_OF_A_TASK = 5
#: How many models, and of how many tasks, are offered to begin with.
_PICKS, TASKS = 12, 16


class Taste(NamedTuple):
    """What recommendations are made from: by id, how the person came to each model (`graph.languages.came`); and what
    they must not hold."""

    models: Mapping[str, str]
    without: frozenset[str]


def taste(person: Person, source: str | None = None) -> Taste:
    """What is known of a person; of one `source` alone where it is given. Models that are gone are left out."""
    store = people().store
    liked, dismissed = store.marked(person.id, "like"), store.marked(person.id, "dismissal")
    ids = {
        "likes": [*liked][: SOURCES["likes"]],
        "built": _built(person)[: SOURCES["built"]],
        "views": [each for each in store.viewed(person.id) if each not in dismissed][: SOURCES["views"]],
    }
    how = {"likes": "liked", "built": "built", "views": "viewed"}
    present = service().present([id for name in ids for id in ids[name]])
    models: dict[str, str] = {}
    for name in ids:
        if source in (None, name):
            for id in ids[name]:
                if id in present:
                    models.setdefault(present[id], how[name])
    return Taste(models, frozenset(liked) | frozenset(dismissed))


def _built(person: Person) -> list[str]:
    if not person.hub_name:
        return []
    try:
        return [card.id for card in service().published(person.hub_name)[0]]
    except NotFound:
        return []


def known(person: Person, query: Mapping[str, Any]) -> Taste | None:
    """What to go by: what is known of the person, else the models most used for the task asked for, else None."""
    found = taste(person, query.get("source"))
    if found.models or not query.get("task"):
        return found if found.models else None
    used = most_used(query["task"])
    return Taste({card.id: "used" for card in used}, found.without) if used else None


def recommended(given: Taste, query: Mapping[str, Any], reasons: Reasons = "first") -> Answer:
    """The `k` best for a person."""
    return _answer(given, query, reasons, query["k"], query["sort"], None)


def worth_knowing(given: Taste, query: Mapping[str, Any], reasons: Reasons = "first") -> Answer:
    """The `k` newest of the `NEAR` that suit a person best."""
    return _answer(given, query, reasons, NEAR, "newest", query["k"])


def _answer(given: Taste, query: Mapping[str, Any], reasons: Reasons, k: int, sort: str, shown: int | None) -> Answer:
    found = service()
    filters: Filters = filters_of(dict(query))
    if "used" in given.models.values():
        filters = replace(filters, task=query["task"])
    answer = found.recommend_for_liked(
        tuple(given.models),
        query.get("method") or found.method(),
        k,
        reasons,
        query["novelty"],
        sort=sort,
        filters=filters,
        without=given.without,
        shown=shown,
    )
    return came(answer, given.models)


def most_used(task: str) -> Sequence[ModelCard]:
    """The most downloaded models for a task, rather those that are made from no other."""
    return service().most_used(task)[:_OF_A_TASK]


def tasks() -> Sequence[str]:
    """The tasks that most models are for."""
    return service().tasks()[:TASKS]


def to_begin_with() -> list[ModelCard]:
    """Models to choose from where nothing is known: a much used one of each of the largest tasks."""
    first = {cards[0].id: cards[0] for task in tasks()[:_PICKS] if (cards := most_used(task))}
    return list(first.values())
