"""The analysts' statements on a graph that is there, as people run them: each with its default parameters, timed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median
from typing import Any

import click

from graph.arcadedb_engine import ArcadeDBEngine
from graph.database import Database, connect
from graph.statements import statement, statements
from hfmrs.output import format_option, show

#: What a person waits for without noticing, and for how long at most, in milliseconds.
QUICK, LONGEST = 200, 2_000
#: Far more rows and time than any of them takes.
ROWS, SECONDS = 10_000, 60.0


@click.command("analysis")
@click.option(
    "--home",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A home whose graph is loaded; what needs the build answers nothing without it.",
)
@click.option("--runs", type=click.IntRange(1), default=5, help="Counted runs of each, after one to warm up.")
@click.option("--only", metavar="NAME,…", help="These statements only.")
@format_option
def main(home: Path, runs: int, only: str | None, form: str) -> None:
    """Every statement of the analysts' library: its first run, the median of the next, and how many rows came.

    On the embedded engine they run in the analysts' process; starting it and copying the graph is timed apart. The
    processor time of that process is what a statement takes on an idle machine, garbage collection included.
    """
    found = [each.name.partition("/")[2] for each in statements("analysis")]
    chosen = only.split(",") if only else found
    for name in chosen:
        if name not in found:
            raise click.UsageError(f"There is no statement analysis/{name}.")
    with connect(home) as db:
        begun = time.perf_counter()
        db.fetch("RETURN 1 AS one", timeout=SECONDS)
        click.echo(f"The first statement of all came after {time.perf_counter() - begun:.1f} s.", err=True)
        rows = [_timed(db, name, runs) for name in chosen]
    rows.sort(key=lambda row: (-row["median ms"], row["statement"]))
    show(form, rows, tuple(rows[0]))
    slow = sum(row["median ms"] > QUICK for row in rows)
    longest = sum(row["median ms"] > LONGEST for row in rows)
    click.echo(f"{len(rows)} statements: {slow} over {QUICK} ms, {longest} over {LONGEST:,} ms", err=True)


def _timed(db: Database, name: str, runs: int) -> dict[str, Any]:
    each = statement(f"analysis/{name}")
    seconds, used = [], []
    for _ in range(1 + runs):
        begun, worked = time.perf_counter(), _processor(db)
        rows = db.fetch(each.text, each.fill({}), limit=ROWS, timeout=SECONDS).rows
        seconds.append(time.perf_counter() - begun)
        used.append(_processor(db) - worked)
    return {
        "statement": name,
        "median ms": round(1000 * median(seconds[1:])),
        "processor ms": round(1000 * median(used[1:])),
        "first ms": round(1000 * seconds[0]),
        "rows": len(rows),
    }


def _processor(db: Database) -> float:
    """Seconds that the analysts' process has worked so far; 0 on Neo4j and where the system does not tell."""
    server = db.engine.analysts.running() if isinstance(db.engine, ArcadeDBEngine) else None
    file = Path(f"/proc/{server.pid}/stat") if server else None
    if file is None or not file.exists():
        return 0.0
    user, system = file.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
