"""One number for everything that was loaded: two graphs with the same digest hold the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graph.database import Database
from graph.types import FACT_LABELS

_KEYS = {"Model": "id", **{label: key for label, (_, key) in FACT_LABELS.items()}}


@dataclass(frozen=True, slots=True)
class Part:
    """A label, or links to a label: how many rows, and the sum of their hashes in hexadecimal digits."""

    name: str
    rows: int
    digest: str

    def as_row(self) -> dict[str, Any]:
        return {"part": self.name, "rows": self.rows, "digest": self.digest}


def digest(db: Database) -> Iterator[Part]:
    """The parts of the graph one by one, and last `whole`, made of all of them.

    Counts what `graph.load` writes: models, facts and their properties, links, lineage and old ids; not vectors,
    similarities, runs and the like, which a build makes. The order of rows and of lists of links does not matter.
    """
    parts: list[Part] = []
    for name, rows in _rows(db):
        total = count = 0
        for row in rows:
            text = json.dumps(row, ensure_ascii=False, default=str)
            hash_ = hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).digest()
            total = (total + int.from_bytes(hash_, "big")) % 2**128
            count += 1
        parts.append(Part(name, count, f"{total:032x}"))
        yield parts[-1]
    every = "\n".join(f"{part.name} {part.rows} {part.digest}" for part in parts)
    whole = hashlib.blake2b(every.encode(), digest_size=16).hexdigest()
    yield Part("whole", sum(part.rows for part in parts), whole)


def _rows(db: Database) -> Iterator[tuple[str, Iterable[list[Any]]]]:
    """(part, its rows as lists that JSON can hold)."""
    for label, key in _KEYS.items():
        found = db.stream("digest/nodes", label=label, key=key)
        yield label, ([row["key"], *map(_number, row["values"])] for row in found)
    for label, (relationship, _) in FACT_LABELS.items():
        linked = db.stream(f"export/links/{label}")
        yield relationship, ([row["key"], sorted(row["models"])] for row in linked)
    yield "BASED_ON", ([row["key"], sorted(row["bases"])] for row in db.stream("digest/bases"))
    yield "ALIAS_OF", ([row["key"], row["model"]] for row in db.stream("digest/aliases"))


def _number(value: Any) -> Any:
    """Whole numbers alike, whether an engine keeps them as integers or not."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
