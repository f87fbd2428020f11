"""What a short script would do: nodes with unique keys, then links, by UNWIND over the plain driver, 10,000 rows each.

It copies a graph that is there, so that it writes the same nodes and links, which it holds ready in memory.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.database import Database, batches, connect
from graph.memory import peak_mb
from graph.types import FACT_LABELS
from graph.values import plain

_KEYS = {"Model": "id", **{label: key for label, (_, key) in FACT_LABELS.items()}, "Alias": "id"}

#: Rows that one statement writes.
Batch = list[Any]


@dataclass(frozen=True, slots=True)
class Copied:
    """`links` of `models` models; seconds for nodes and links, and for the indexes; peak memory in MB."""

    models: int
    links: int
    seconds: float
    indexing: float
    peak_mb: float


def copy(source: Path, home: Path, uri: str) -> Copied:
    """Copies the graph in `source`, a home, into the empty database at `uri`, or the embedded one of `home`."""
    with connect(source) as db:
        work = [(text, list(batches(rows))) for text, rows in _work(db)]
    counts = [sum(map(len, parts)) for _, parts in work]
    with connect(home, uri or None) as db:
        begun = time.perf_counter()
        db.prepare("keys")
        for text, parts in work:
            for part in parts:
                db.driver.execute_query(text, rows=part, database_=db.name)
        written = time.perf_counter()
        db.prepare("ranges", "text")
        indexed = time.perf_counter()
    return Copied(counts[0], sum(counts[len(_KEYS) :]), written - begun, indexed - written, peak_mb())


def _work(db: Database) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Statements and their rows: a statement for each label and for each relationship.

    A link is made by CREATE: in an empty graph that is less work than the MERGE with which a script could be repeated.
    """
    for label, key in _KEYS.items():
        text = f"UNWIND $rows AS row MERGE (n:{label} {{{key}: row.{key}}}) SET n += row"
        yield text, (row["properties"] for row in _stream(db, f"MATCH (n:{label}) RETURN properties(n) AS properties"))
    for label, (relationship, _) in FACT_LABELS.items():
        found = db.stream(f"export/links/{label}")
        rows = ({"start": id_, "end": row["key"]} for row in found for id_ in row["models"])
        yield _link("Model", relationship, label), rows
    bases = "MATCH (m:Model)-[r:BASED_ON]->(b:Model) RETURN m.id AS start, b.id AS end, properties(r) AS properties"
    yield _link("Model", "BASED_ON", "Model", "SET r += row.properties"), _stream(db, bases)
    aliases = ({"start": row["key"], "end": row["model"]} for row in db.stream("digest/aliases"))
    yield _link("Alias", "ALIAS_OF", "Model"), aliases


def _link(start: str, relationship: str, end: str, properties: str = "") -> str:
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{{_KEYS[start]}: row.start}}) "
        f"MATCH (b:{end} {{{_KEYS[end]}: row.end}}) CREATE (a)-[r:{relationship}]->(b) {properties}"
    )


def _stream(db: Database, text: str) -> Iterator[dict[str, Any]]:
    with db.driver.session(database=db.name) as session:
        for record in session.run(text):
            yield dict(zip(record.keys(), map(plain, record.values()), strict=True))
