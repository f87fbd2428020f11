"""What differs between the two engines, and nothing else: schema and indexes, read-only users, time limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from graph import guard
from graph.driver import READ_ACCESS, Driver, Query
from graph.errors import BadInput
from graph.statements import ROOT
from graph.values import weight

#: The parts of the schema, a file each: labels with their keys, then what is quicker made over a full graph than kept
#: up to date while it fills.
Part = Literal["keys", "ranges", "text", "vectors"]
PARTS: tuple[Part, ...] = get_args(Part)

#: Building an index over a million vectors takes its time.
INDEX_SECONDS = 7_200

#: The largest answer to what somebody types, and how many of its rows are on the way at once.
ANSWER_BYTES = 32 * 2**20
BATCH_ROWS = 100

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

    def prepare(self, parts: Sequence[Part]) -> None:
        """Creates what is missing of some parts of the schema and waits until all answer."""

    def drop_index(self, name: str) -> None:
        """Drops an index where there is one."""

    def fetch(self, cypher: str, params: Mapping[str, Any], rows: int, timeout: float) -> Fetched:
        """At most `rows` rows of a typed statement, which the server stops after `timeout` seconds.

        Raises the driver's errors, `Refused` where the server says that it would write, `TimedOut`.
        """

    def share(self) -> None:
        """Shows those who type statements now the graph as it is, where that takes a while."""

    def close(self) -> None:
        """Closes what the engine opened besides the driver."""


def schema(engine: str, parts: Sequence[Part] = PARTS) -> list[str]:
    """The schema statements of one engine, in the order in which they are to run."""
    found: list[str] = []
    wanted = (path for path in Path(ROOT, "schema", engine).iterdir() if path.stem[2:] in parts)
    for path in sorted(wanted):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("//", "--"))]
        found += [text.strip() for text in re.split(r";\s*(?:\n|$)", "\n".join(lines)) if text.strip()]
    return found


def too_much_memory() -> BadInput:
    """What is said of a statement that the server ended for its memory."""
    return BadInput("The statement needed more memory than it may have.", "Collect, sort or build less at once.")


def fetch(
    driver: Driver,
    database: str | None,
    cypher: str,
    params: Mapping[str, Any],
    rows: int,
    timeout: float | None = None,
) -> Fetched:
    """The first `rows` rows on a session that reads, within `timeout` seconds; the rest is given up. Of a statement
    after EXPLAIN or PROFILE the lines of its plan.

    Raises `BadInput` for an answer of more than `ANSWER_BYTES`.
    """
    found: list[list[Any]] = []
    size = 0
    batch = min(rows, BATCH_ROWS)
    with driver.session(database=database, default_access_mode=READ_ACCESS, fetch_size=batch) as session:
        if plans := guard.plans(cypher):  # in small letters, or after a comment, ArcadeDB does not know the word
            cypher = f"{plans} {guard.unplanned(cypher).lstrip()}"
        result = session.run(Query(cypher, timeout=timeout), dict(params))
        # Neo4j profiles what is read to its end.
        while (plans or len(found) < rows) and (records := result.fetch(min(batch, rows - len(found)))):
            if not plans:
                found += (list(record.values()) for record in records)
            size += sum(weight(value) for record in records for value in record.values())
            if size > ANSWER_BYTES:
                raise BadInput(
                    f"The answer is larger than {ANSWER_BYTES >> 20} MB.", "Return less: fewer rows, shorter values."
                )
        if plans:
            summary = result.consume()
            return ["plan"], [[line] for line in _plan(summary.profile or summary.plan or {})[:rows]]
        return list(result.keys()), found


def _plan(plan: Mapping[str, Any]) -> list[str]:
    """The lines of a plan: as ArcadeDB draws it, or Neo4j's operators, the last that runs first."""
    drawn = plan.get("args", {}).get("string-representation")
    return drawn.splitlines() if drawn else list(_operators(plan)) if plan else []


def _operators(plan: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    args = plan["args"]
    told = {"EstimatedRows": "estimated rows", "Rows": "rows", "DbHits": "database hits"}
    numbers = ", ".join(f"{args[key]:.10g} {name}" for key, name in told.items() if key in args)
    yield f"{'  ' * depth}+ {plan['operatorType'].partition('@')[0]} {args.get('Details', '')} ({numbers})"
    for child in plan.get("children", ()):
        yield from _operators(child, depth + 1)
