"""The sides of a pair as a network sees them that is not published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graph.score import Side
from graph.types import Run


class Sides:
    """Makes the sides of models out of a run, as `graph.sides` does out of the database."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._rows: Mapping[str, Mapping[str, int]] = {
            label: {key: row for row, key in enumerate(table.keys)} for label, table in run.vectors.items()
        }

    def of(self, model: str) -> Side:
        """The side of one. Raises `KeyError` where the run does not know it."""
        table, row = self._run.vectors["Model"], self._rows["Model"][model]
        facts = table.neighbours[row]
        projected = [self._run.vectors[label].projected[self._rows[label][key]] for _, label, key in facts]
        return Side(
            label="Model",
            key=model,
            embedding=table.embedding[row],
            facts=facts,
            attention=table.attention[row],
            projected=np.stack(projected),
            counts=table.counts[row],
            text=table.texts[row],
        )
