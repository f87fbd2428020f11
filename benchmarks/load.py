"""Loading the Hub's models by our command, and the same nodes and links by a bare loop of statements."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks import bare as loop
from benchmarks import neo4j_server
from benchmarks.common import ask, built_home, hub, measure, run
from benchmarks.options import alone, models_option, table
from graph.memory import peak_mb

OURS = "(a) hfmrs load"
NOTES = (
    "(a) reads, cleans and normalises the file, writes degrees and content hashes, resolves lineage, makes the range "
    "and text indexes, and after an interruption goes on where it was.",
    "(c) has the nodes and links of (a) ready in memory, degrees and hashes included, and does nothing else; to be "
    "compared with (a), the indexes and what it takes to have the records are to be added.",
    f"Seconds of (a) and (b) are those of the whole command. Heap of each database 2 GB; Neo4j has "
    f"{neo4j_server.PAGE_CACHE} of page cache beside it.",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A new, empty database that runs: a home, the address of another server than its own, the database's process."""

    engine: str
    home: Path
    uri: str
    process: int


@dataclass(frozen=True, slots=True)
class Row:
    """One way to load: `models` were handled and `links` written in wall `seconds`; peak memory in MB."""

    engine: str
    what: str
    models: int
    links: int | None
    seconds: float
    command_mb: float
    database_mb: float | None = None


@click.command("load")
@models_option(30_000)
@click.option("--neo4j", is_flag=True, help="The same on Neo4j 5.26 as well, from Maven.")
@click.option("--bare/--no-bare", default=True, help="A bare UNWIND loop beside it; all rows are held in memory.")
def main(models: int | None, neo4j: bool, bare: bool) -> None:
    """Loading models: our command, the same again, and a bare UNWIND loop; on both engines with --neo4j."""
    file = hub()
    records, seconds, memory = alone(1, read, file, models)
    rows = [Row("", "records alone: read, clean, normalise", records, None, seconds, memory)]
    digests = {}
    with embedded() as source:
        found, digests["(a) embedded"] = _ours(source, file, models, records)
        rows += found
        for place in (embedded, neo4j_5) if neo4j else (embedded,):
            if place is not embedded:
                with place() as ours:
                    found, digests[f"(a) {ours.engine}"] = _ours(ours, file, models, records)
                    rows += found
            if bare:
                with place() as theirs:
                    found, digests[f"(c) {theirs.engine}"] = _bare(source, theirs)
                    rows += found
    _show(rows, digests, NOTES if bare else NOTES[-1:])


def read(file: Path, limit: int | None) -> tuple[int, float, float]:
    """How many records the first `limit` rows of `file` give, the seconds it takes, and peak memory in MB."""
    from etl.reading import read_models

    begun = time.perf_counter()
    records = sum(1 for _ in read_models(file, limit=limit))
    return records, time.perf_counter() - begun, peak_mb()


@contextmanager
def embedded() -> Iterator[Place]:
    with built_home() as home:
        run(home, "db", "start")
        yield Place("embedded", home, "", int(ask(home, "db", "status")["process"]))


@contextmanager
def neo4j_5() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="hfmrs-bench-") as folder:
        home, server = Path(folder) / "home", Path(folder) / "neo4j"
        home.mkdir()
        server.mkdir()
        with neo4j_server.running(server) as (uri, process):
            yield Place("neo4j", home, uri, process)


def _ours(place: Place, file: Path, limit: int | None, records: int) -> tuple[list[Row], str]:
    """(a) and (b), and the digest of what is in the database then."""
    some = [] if limit is None else ["--limit", str(limit)]
    rows = []
    for what in (OURS, "(b) the same again"):
        ran = measure(place.home, "load", str(file), *some, HFMRS_DB=place.uri)
        said = re.search(r"([\d,]+) links", ran.output)
        links = int(said[1].replace(",", "")) if said else 0
        rows.append(Row(place.engine, what, records, links, ran.seconds, ran.peak_mb, peak_mb(place.process)))
    return rows, _digest(place)


def _bare(source: Place, place: Place) -> tuple[list[Row], str]:
    """(c), without and with indexes, and the digest."""
    copied = alone(1, loop.copy, source.home, place.home, place.uri)
    memory = copied.peak_mb, peak_mb(place.process)
    what, both = "(c) bare UNWIND loop", copied.seconds + copied.indexing
    rows = [
        Row(place.engine, what, copied.models, copied.links, copied.seconds, *memory),
        Row(place.engine, f"{what}, then the same indexes", copied.models, copied.links, both, *memory),
    ]
    return rows, _digest(place)


def _digest(place: Place) -> str:
    return str(ask(place.home, "db", "digest", HFMRS_DB=place.uri)[-1]["digest"])


def _show(rows: Sequence[Row], digests: Mapping[str, str], notes: Sequence[str]) -> None:
    whole = next(row.seconds for row in rows if row.what == OURS)
    columns = ("", "engine", "seconds", "models/s", "links/s", "command MB", "database MB", "seconds to (a) embedded")
    shown = [
        (
            row.what,
            row.engine,
            row.seconds,
            row.models / row.seconds,
            row.links / row.seconds if row.links else None,
            row.command_mb,
            row.database_mb,
            f"{row.seconds / whole:.2f}",
        )
        for row in rows
    ]
    counts = f"{rows[0].models:,} models, {max(row.links or 0 for row in rows):,} links"
    same = "the same" if len(set(digests.values())) == 1 else "NOT the same"
    digest = f"Digests of the graphs: {same} ({', '.join(f'{name} {value[:8]}' for name, value in digests.items())})."
    table(f"load: {counts}", columns, shown, *notes, digest)
