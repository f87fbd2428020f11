"""What authors are advised to build on next: the promise of who makes it, and its way into service.

Readers see the lists before or the new ones, never half: links carry the id of their run until `Current` is moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from graph.database import Database
from graph.stages import CHANGED_SHARE, OnProgress
from graph.types import FloatArray

#: Lists are made anew after so long, or when a tenth more models have come.
LASTS = timedelta(days=7)

#: What the score of a base for an author is made of, and the numbers that are told of it: days and counts as of the
#: run, cosines, 1 or 0 for yes or no; the age is -1 where it is unknown. `place`: among all bases, by what authors with
#: the same bases built on.
ADVICE_REASONS = (
    "network", "builders", "popularity", "freshness", "owner", "lineage", "merges", "kin", "common",
)  # fmt: skip
ADVICE_NUMBERS = (
    "place", "authors", "authors_30d", "age", "days_since", "owner_bases", "owner_30d", "made_from_base",
    "base_made_from_it", "siblings", "made_from_own", "merged", "facts", "texts", "names", "bases", "bases_30d",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AdviceList:
    """What one author may build on next, best first.

    `scores` (models,); `shares` (models, `ADVICE_REASONS`), which add up to them; `numbers` (models, `ADVICE_NUMBERS`).
    """

    author: str
    models: tuple[str, ...]
    scores: FloatArray
    shares: FloatArray
    numbers: FloatArray

    def __post_init__(self) -> None:
        for what, values, columns in (
            ("scores", self.scores[:, None], 1),
            ("shares", self.shares, len(ADVICE_REASONS)),
            ("numbers", self.numbers, len(ADVICE_NUMBERS)),
        ):
            if values.shape != (len(self.models), columns) or not np.isfinite(values).all():
                raise ValueError(f"Advice for {self.author!r}: {what} have another shape, or NaN or infinite numbers.")


@dataclass(frozen=True, slots=True)
class Advice:
    """What a method advises authors to build on next, ready to store.

    `authors`: all who may get a list; `lists`: theirs, made as they are read. `models`, `bases`: how many there were.
    `settings` are JSON-ready.
    """

    id: str
    method: str
    created_at: datetime
    as_of: datetime
    models: int
    bases: int
    authors: tuple[str, ...]
    lists: Iterable[AdviceList]
    settings: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not self.id or self.as_of.tzinfo is None:
            raise ValueError(f"Advice {self.id!r}: it needs an id, and a moment with a time zone.")


def store(db: Database, advice: Advice, *, on_progress: OnProgress = lambda done, total, text: None) -> int:
    """Writes the lists of `advice`, puts them into service for its method and forgets those before; returns how many
    there are. Interrupted, it leaves those before in service, and the next call takes away what it had written."""
    current = {row["method"]: row["run"] for row in db.read("publish/current")}.get(advice.method, "")
    _forget(db, advice.method, current)
    about = {
        "method": advice.method,
        "createdAt": advice.created_at,
        "asOf": advice.as_of,
        "models": advice.models,
        "bases": advice.bases,
        "reasons": list(ADVICE_REASONS),
        "numbers": list(ADVICE_NUMBERS),
        "settings": json.dumps(dict(advice.settings)),
        "storedFor": list(advice.authors),
    }
    db.write("publish/run", id=advice.id, properties=about)
    lists = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal lists
        for each in advice.lists:
            yield from _links(advice, each)
            lists += 1
            on_progress(lists, len(advice.authors), "lists")

    db.write_rows("publish/advises", rows())
    db.write("publish/switch", method=advice.method, run=advice.id, slot=None)
    _forget(db, advice.method, advice.id)
    return lists


def lasts(db: Database, method: str, settings: Mapping[str, Any]) -> bool:
    """Whether the lists in service were made by these settings and are good enough for the graph as it is now."""
    rows = db.read("publish/advised", method=method)
    if not rows:
        return False
    (row,) = rows
    now = int(db.read("explore/count_models")[0]["models"])
    few = abs(now - row["models"]) <= CHANGED_SHARE * now
    return bool(few and row["newest"] < row["asOf"] + LASTS and json.loads(row["settings"]) == settings)


def _links(advice: Advice, each: AdviceList) -> Iterator[dict[str, Any]]:
    columns = each.models, each.scores.tolist(), each.shares.tolist(), each.numbers.tolist()
    for rank, (model, score, shares, numbers) in enumerate(zip(*columns, strict=True), start=1):
        yield {
            "author": each.author,
            "model": model,
            "method": advice.method,
            "run": advice.id,
            "score": score,
            "rank": rank,
            "shares": shares,
            "numbers": numbers,
        }


def _forget(db: Database, method: str, kept: str) -> None:
    """Takes away the lists that other runs than `kept` have stored."""
    for row in db.read("publish/stored", method=method):
        if row["run"] != kept:
            db.write_rows("publish/forget_advice", ({"author": name} for name in row["ids"]), run=row["run"])
            db.write("publish/run", id=row["run"], properties={"storedFor": None})
