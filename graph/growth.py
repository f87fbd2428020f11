"""How many models of a task, library, licence, language, dataset or author were made in each month.

The stage describe counts and stores them with the fact, as the first month and a list of numbers; a page counts
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph import report
from graph.database import Database
from graph.errors import NotBuilt

#: Labels whose facts have it, and how many models a fact needs to have it.
LABELS, LEAST = ("Task", "Library", "License", "Language", "Dataset", "Author"), 5


@dataclass(frozen=True, slots=True)
class Month:
    """`models`: how many were made in the month (such as 2024-03), `share`: of all models made in it."""

    month: str
    models: int
    share: float


def read(db: Database, label: str, key: str) -> tuple[Month, ...]:
    """Each month from the first to the last in which a model of the fact was made; none where it was not counted."""
    rows = db.read(f"explore/growth/{label}", key=key)
    if not rows:
        return ()
    try:
        (whole,) = report.read(db, "growth")
    except NotBuilt:
        return ()
    everywhere = {row["month"]: int(row["models"]) for row in whole.rows}
    made = ((str(row["month"]), int(row["models"])) for row in rows)
    counted = ((month, models) for month, models in made if month in everywhere)
    return tuple(Month(month, models, models / max(everywhere[month], models, 1)) for month, models in counted)
