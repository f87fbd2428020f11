"""What is no longer on the Hub stays in the graph, marked: nothing finds, recommends or learns from such models."""

from __future__ import annotations

import secrets
import time
from collections.abc import Container, Iterable
from datetime import datetime
from typing import Literal

from graph import stages
from graph.database import Database

Label = Literal["Model", "Dataset", "Space"]


def missing(
    db: Database, label: Label, listed: Container[str], *, before: datetime, author: str | None = None
) -> list[str]:
    """What is in the graph, of one author or of all, that is older than `before` and not among `listed`. A dataset
    that models name and the Hub never listed is not missing."""
    rows = db.read(f"load/present_{label.lower()}", before=before, author=author)
    return sorted(id_ for row in rows for id_ in row["ids"] if id_ not in listed)


def mark_deleted(db: Database, label: Label, ids: Iterable[str], at: datetime) -> int:
    """Marks them as deleted, so that the build leaves such models out. Returns how many."""
    begun = time.perf_counter()
    marked = db.write_rows(f"load/delete_{label.lower()}", ({"id": id_} for id_ in ids), at=at)
    if marked and label == "Model":
        # A new fingerprint: what was built from these models is out of date.
        seconds = time.perf_counter() - begun
        stages.record(db, "load", secrets.token_hex(16), seconds, f"{marked:,} models deleted from the Hub")
    return marked
