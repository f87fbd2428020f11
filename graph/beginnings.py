"""What to show somebody of whom nothing is known: tasks, and the models that most people use for each."""

from __future__ import annotations

from graph import models
from graph.database import Database
from graph.types import ModelCard

_TASKS, _MODELS = 50, 20
#: Where to begin to look: in a large graph the models for a task are very many.
_FLOORS = (100_000, 1_000, 0)


def tasks(db: Database) -> list[str]:
    """The tasks that most models are for, most first."""
    return [row["name"] for row in db.read("explore/tasks", k=_TASKS)]


def most_used(db: Database, task: str) -> list[ModelCard]:
    """The models for a task that were downloaded most, those before the others that are made from no other model."""
    found: list[ModelCard] = []
    for floor in _FLOORS:
        rows = db.read("explore/most_used", task=task, at_least=floor, k=_MODELS)
        found = [models.card_of(row["card"]) for row in rows]
        if len(found) == _MODELS:
            break
    return sorted(found, key=lambda card: card.relation is not None)
