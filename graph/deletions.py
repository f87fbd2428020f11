"""Models that are no longer on the Hub stay in the graph, marked: nothing finds, recommends or learns from them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Container, Iterable
from datetime import datetime

from graph import stages
from graph.database import Database


def missing(db: Database, listed: Container[str], *, before: datetime, author: str | None = None) -> list[str]:
    """The models in the graph, of one author or of all, that are older than `before` and not among `listed`."""
    rows = db.read("load/present", before=before, author=author)
    return sorted(id_ for row in rows for id_ in row["ids"] if id_ not in listed)


def mark_deleted(db: Database, ids: Iterable[str], at: datetime) -> int:
    """Marks models as deleted, so that the build leaves them out. Returns how many."""
    begun = time.perf_counter()
    marked = db.write_rows("load/delete", ({"id": id_} for id_ in ids), at=at)
    if marked:
        # A new fingerprint: what was built from these models is out of date.
        seconds = time.perf_counter() - begun
        stages.record(db, "load", secrets.token_hex(16), seconds, f"{marked:,} models deleted from the Hub")
    return marked
