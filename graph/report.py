"""The report on the graph as a whole: made by the build, stored section by section, read by page and command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graph import stages
from graph.database import Database
from graph.errors import NotBuilt

#: The stage that names the state of what describe writes: with a map drawn anew, so that places may be of two maps
#: until all is written; with the map as it is; or all that there is.
STAGE, DRAWING, COUNTING, WRITTEN = "description", "drawing", "counting", "written"
#: Raised with what describe stores: a graph described before is described anew.
FORM = 2


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title and what it says in words. Its rows are maps with the same keys and JSON-ready values.

    `id` is also the name of its file (`tasks.csv`).
    """

    id: str
    title: str
    text: str
    rows: tuple[dict[str, Any], ...]

    def __post_init__(self) -> None:
        if any(row.keys() != self.rows[0].keys() for row in self.rows):
            raise ValueError(f"Section {self.id!r}: rows have different columns.")

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.rows[0]) if self.rows else ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"rows": list(self.rows)}


def write(db: Database, sections: Sequence[Section]) -> None:
    """Replaces the report. All sections come in one transaction, so that nobody reads half of two reports."""
    rows = [
        {"id": each.id, "position": position, "json": json.dumps(each.as_json(), ensure_ascii=False)}
        for position, each in enumerate(sections)
    ]
    db.write("describe/write", sections=rows)
    db.write("describe/forget", kept=[each.id for each in sections])


def read(db: Database, id: str | None = None) -> tuple[Section, ...]:
    """Every section, in order, or the one alone. Raises `NotBuilt` where the graph has not been described yet."""
    found = [json.loads(row["json"]) for row in db.read("describe/sections", id=id)]
    if not found:
        raise NotBuilt("This graph has not been described yet.", "Run: hfmrs build")
    return tuple(Section(each["id"], each["title"], each["text"], tuple(each["rows"])) for each in found)


def state(db: Database) -> str | None:
    """What was noted last; None where a graph was described before this was noted, or not at all."""
    noted = stages.get(db, STAGE)
    return noted.fingerprint if noted else None


def note(db: Database, state: str) -> None:
    """Notes what is under way, or done, so that a run that broke off is made up for by the next one."""
    stages.record(db, STAGE, state, 0.0, "what describe writes, or has written")


def whole(db: Database) -> bool:
    """Whether all that was described last is written."""
    return state(db) in (None, WRITTEN)
