"""Recommendations for a person to read and judge: drawn by seed, shown without method, score or reasons."""

from __future__ import annotations

import csv
import random
import sys
from collections import Counter
from pathlib import Path

import click

from benchmarks.options import table
from graph.database import Database, connect
from graph.recommend import recommend

VERDICTS = ("relevant", "redundant", "silly")
COLUMNS = ("model", "recommended", "rank", "verdict")
#: Half of the models are of the most used; one recommendation is drawn of the first so many of each.
_MOST_USED, _FIRST = 2_000, 10
_ALL = 10_000_000


@click.command("read")
@click.option(
    "--home", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A home that is built: draws from it."
)
@click.option("--count", type=click.IntRange(2), default=50, help="How many to judge.")
@click.option("--method", default="gat", help="Whose recommendations.")
@click.option("--seed", default=0, help="Another seed, other recommendations.")
@click.option(
    "--judged",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that was drawn, its column `verdict` filled in: counts the verdicts.",
)
def main(home: Path | None, count: int, method: str, seed: int, judged: Path | None) -> None:
    """Recommendations for models, to be judged by hand: relevant, redundant or silly. See docs/evaluation.md."""
    if judged is not None:
        _count(judged)
    elif home is not None:
        with connect(home) as db:
            writer = csv.writer(sys.stdout)
            writer.writerow(COLUMNS)
            writer.writerows((*each, "") for each in _drawn(db, count, method, seed))
    else:
        raise click.UsageError("Say what to draw from, --home HOME, or what to count, --judged FILE.")


def _drawn(db: Database, count: int, method: str, seed: int) -> list[tuple[str, str, int]]:
    drawing = random.Random(seed)
    ids = [str(row["id"]) for row in db.read("publish/most_used", limit=_ALL)]
    most, others = ids[:_MOST_USED], ids[_MOST_USED:] or ids
    chosen = drawing.sample(most, min(len(most), count - count // 2)) + drawing.sample(others, count // 2)
    found = []
    for model in chosen:
        answer = recommend(db, [model], method=method, k=_FIRST, reasons="none")
        if answer.recommendations:
            each = drawing.choice(answer.recommendations)
            found.append((model, each.model.id, each.rank))
    return found


def _count(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as rows:
        verdicts = [(line, row.get("verdict") or "") for line, row in enumerate(csv.DictReader(rows), start=2)]
    for line, verdict in verdicts:
        if verdict not in VERDICTS:
            raise click.ClickException(f"{file}, line {line}: {verdict!r} is none of {', '.join(VERDICTS)}.")
    counts = Counter(verdict for _, verdict in verdicts)
    shares = [(each, counts[each], counts[each] / max(len(verdicts), 1)) for each in VERDICTS]
    table(f"read: {len(verdicts)} recommendations", ("verdict", "recommendations", "share"), shares)
