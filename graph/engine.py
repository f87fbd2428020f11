"""What differs between the two engines, and nothing else: schema and indexes, read-only users, time limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from neo4j import READ_ACCESS, Driver, Query

from graph.statements import ROOT

#: Column names, and the values of each row.
Fetched = tuple[list[str], list[list[Any]]]


class Engine(Protocol):
    """One kind of database behind the same driver and the same Cypher."""

    @property
    def name(self) -> str:
        """`arcadedb` or `neo4j`."""

    @property
    def read_only_user(self) -> bool:
        """Whether what people type runs as a user that the server lets read and nothing else."""

    def prepare(self) -> None:
        """Creates what is missing of schema and indexes and waits until all answer."""

    def fetch(self, cypher: str, params: Mapping[str, Any], rows: int, timeout: float) -> Fetched:
        """At most `rows` rows of a typed statement, which the server stops after `timeout` seconds.

        Raises the driver's errors, `Refused` where the server says that it would write, `TimedOut`.
        """

    def close(self) -> None:
        """Closes what the engine opened besides the driver."""


def schema(engine: str) -> list[str]:
    """The schema statements of one engine, in the order in which they are to run."""
    found: list[str] = []
    for path in sorted(Path(ROOT, "schema", engine).iterdir()):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("//", "--"))]
        found += [text.strip() for text in re.split(r";\s*(?:\n|$)", "\n".join(lines)) if text.strip()]
    return found


def fetch(
    driver: Driver,
    database: str | None,
    cypher: str,
    params: Mapping[str, Any],
    rows: int,
    timeout: float | None = None,
) -> Fetched:
    """The first `rows` rows on a session that reads, within `timeout` seconds; the rest is given up."""
    with driver.session(database=database, default_access_mode=READ_ACCESS, fetch_size=rows) as session:
        result = session.run(Query(cypher, timeout=timeout), dict(params))
        return list(result.keys()), [list(record.values()) for record in result.fetch(rows)]
