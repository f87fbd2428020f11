"""What to show somebody of whom nothing is known: the models that most people use for a task."""

from __future__ import annotations

from graph import models
from graph.browse import best
from graph.database import Database
from graph.known import Known
from graph.query_language import Query
from graph.types import ModelCard

_MODELS = 20


def most_used(db: Database, known: Known, task: str) -> list[ModelCard]:
    """The models for a task that were downloaded most, those before the others that are made from no other model."""
    found, _, _ = best(db, Query((), {"task": task}), known, "downloads", _MODELS)
    cards = models.cards(db, [each.card.id for each in found[:_MODELS]])
    return sorted(cards.values(), key=lambda card: card.relation is not None)
