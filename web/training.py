"""How a network was trained and how good it became, as one HTML file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from graph.report import Section
from web import charts, words
from web.charts import NARROW, WIDE, Row
from web.figures import Plotted
from web.files import render
from web.measures import judged
from web.service import RunInfo

#: Columns of the training curve, with their name on the axis, title, note, and whether the axis begins at nought.
_CURVES = (
    ("loss", "loss", "Loss", "softmax cross-entropy of what came next, mean over the training windows", False),
    ("mrr", "MRR", "MRR", "of the links that say when to stop; the weights of the circled epoch were kept", True),
)


def page(run: RunInfo, settings: Mapping[str, Any]) -> str:
    """The report on a training: `run.metrics` and `settings` are what training left; what an older one did not
    measure is left out."""
    curve = run.metrics.get("curve") or ()
    best = max(curve, key=lambda row: row["mrr"], default=None)
    return render(
        "training.html",
        run=run,
        settings={name.replace("_", " "): _shown(value) for name, value in settings.items()},
        curve=Section("curve", "The curves", "", tuple(curve)),
        plots=_plots(curve, best) if best else (),
        best=best,
        judged=judged([run]),
        measures=words.MEASURES,
        kinds=words.KINDS,
        method_names=words.METHODS,
        method_words=words.METHOD_WORDS,
    )


def _plots(curve: Sequence[dict[str, Any]], best: Row) -> list[Plotted]:
    # Epochs are named one by one, or every fifth, tenth … where they are many.
    every = 1 if len(curve) <= 10 else 5 * math.ceil(len(curve) / 50)
    names = [(row["epoch"], str(row["epoch"])) for row in curve if row["epoch"] == 1 or row["epoch"] % every == 0]
    made = []
    for column, name, title, note, zero in _CURVES:
        points = [(row["epoch"], row[column]) for row in curve]
        marks = [(best["epoch"], best[column], f"epoch {best['epoch']}: {best[column]:.3f}")]
        wide, narrow = (
            charts.curve(points, names, width=width, zero=zero, marks=marks, axes=("epoch", name))
            for width in (WIDE, NARROW)
        )
        made.append(Plotted(Section(column, title, note, tuple(curve)), title, note, wide, narrow))
    return made


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
