"""How often the likely task of a model that says none is told, and how often it is right."""

from __future__ import annotations

import random
import time
from pathlib import Path

import click

from graph.database import connect
from graph.sorts import likely_tasks, sorts_of


@click.command("likely")
@click.option(
    "--home", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="A home that is built."
)
def main(home: Path) -> None:
    """Tells the tasks of models whose authors, a tenth of all, are held out, and counts what stays untold."""
    with connect(home) as db:
        since = time.perf_counter()
        rows = list(db.stream("publish/kinds"))
        click.echo(f"{len(rows):,} models read in {time.perf_counter() - since:.0f} s")
    known = [row for row in rows if len(sorts_of(row["tasks"])) == 1]
    authors = sorted({str(row["author"]) for row in known})
    held = set(random.Random(0).sample(authors, len(authors) // 10))
    truth = [row for row in known if str(row["author"]) in held]
    asked = [{**row, "tasks": (), "baseTasks": ()} for row in truth]
    told = likely_tasks([row for row in known if str(row["author"]) not in held] + asked)[-len(asked) :]
    pairs = [(task, row) for task, row in zip(told, truth, strict=True) if task]
    right = sum(sorts_of([task]) == sorts_of(row["tasks"]) for task, row in pairs)
    click.echo(
        f"{len(truth):,} models of held-out authors, without their bases: {len(pairs) / len(truth):.0%} told, "
        f"{right / len(pairs):.1%} of these of the right sort"
    )
    silent = [(task, row) for task, row in zip(likely_tasks(rows), rows, strict=True) if not row["tasks"]]
    for least in (0, 50, 10_000):
        used = [task for task, row in silent if (row["downloads"] or 0) >= least]
        click.echo(f"say no task, {least:,} downloads or more: {len(used):,}, of {used.count(None):,} nothing tells it")
