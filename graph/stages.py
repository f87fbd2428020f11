"""What the build has done: one `Stage` node each, so that a stage whose inputs have not changed is skipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from graph.database import Database

#: What long work calls as it goes on: steps done, of how many (None where unknown), and what was just done.
OnProgress = Callable[[int, "int | None", str], object]

#: Where up to this share of the models is new or has changed, a stage changes only what these make other; with more,
#: it makes everything anew.
CHANGED_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that was finished. `fingerprint` is of what it was made from; `summary` is one line."""

    id: str
    fingerprint: str
    finished_at: datetime
    seconds: float
    summary: str


def get(db: Database, id: str) -> Stage | None:
    """The stage as it was recorded last; None where it was never finished."""
    rows = db.read("load/stage", id=id)
    if not rows:
        return None
    row = rows[0]
    return Stage(id, row["fingerprint"], row["finishedAt"], row["seconds"], row["summary"])


def record(db: Database, id: str, fingerprint: str, seconds: float, summary: str) -> None:
    """Notes that a stage is done now."""
    db.write(
        "load/record_stage",
        id=id,
        fingerprint=fingerprint,
        finishedAt=datetime.now(timezone.utc),
        seconds=float(seconds),
        summary=summary,
    )
