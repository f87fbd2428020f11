"""What the networks in service were measured at, as a table, and how their training went, as a line."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from web.service import RunInfo
from web.words import KINDS, MEASURES, METHODS


class Row(NamedTuple):
    """A kind of query: its number of links, and by method the measures in the order of `MEASURES`."""

    kind: str
    links: int
    values: list[list[float | None]]

    def is_best(self, method: int, measure: int) -> bool:
        """Whether no other method does better."""
        value = self.values[method][measure]
        return value is not None and value == max(each[measure] or 0.0 for each in self.values)


class Judged(NamedTuple):
    """What was judged by the same links, those made from `since` on: networks first, then baselines."""

    since: datetime
    methods: list[str]
    rows: list[Row]


def judged(runs: Iterable[RunInfo]) -> list[Judged]:
    """Numbers stand side by side only where they come from the same links; mostly this is one table."""
    tables: dict[Hashable, tuple[float, dict[str, Any]]] = {}
    for run in runs:
        found, day = run.metrics.get("held_out"), run.metrics.get("held_out_from_day")
        if found and day is not None:
            links = tuple((kind, row.get("pairs")) for kind, row in sorted(next(iter(found.values())).items()))
            tables.setdefault((day, links), (day, {}))[1].update(found)
    return [_table(day, found) for day, found in tables.values()]


def _table(day: float, found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Judged:
    methods = sorted(found, key=lambda name: name not in METHODS)
    rows = []
    for kind in KINDS:
        measured = [found[method].get(kind, {}) for method in methods]
        if links := max(int(each.get("pairs", 0)) for each in measured):
            rows.append(Row(kind, links, [[each.get(name) for name in MEASURES] for each in measured]))
    return Judged(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(days=day), methods, rows)


class Spark(NamedTuple):
    """Values as an SVG path, with the point of the highest, `best`."""

    path: str
    x: float
    y: float
    best: float
    rounds: int
    width: int
    height: int


def spark(run: RunInfo, width: int = 120, height: int = 32, margin: int = 3) -> Spark | None:
    """The MRR after each round of training; None where the run does not say it."""
    values: Sequence[float] = [row["mrr"] for row in run.metrics.get("curve") or () if "mrr" in row]
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    step, scale = (width - 2 * margin) / (len(values) - 1), (height - 2 * margin) / ((high - low) or 1)
    points = [(round(margin + i * step, 1), round(margin + (high - v) * scale, 1)) for i, v in enumerate(values)]
    path = "M" + " ".join(f"{x},{y}" for x, y in points)
    return Spark(path, *points[values.index(high)], high, len(values), width, height)
