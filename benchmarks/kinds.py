"""How long the pages of tasks, libraries, licences, languages and datasets take."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import click

from benchmarks.options import table
from graph import kinds
from graph.database import connect
from graph.errors import NotFound
from graph.known import Known

#: Field and name, the largest and the smallest among them; those that a graph lacks are left out.
PAGES = (
    ("task", "text-generation"),
    ("task", "fill-mask"),
    ("library", "transformers"),
    ("license", "apache-2.0"),
    ("language", "en"),
    ("language", "de"),
    ("language", "gsw"),
    ("dataset", "nyu-mll/glue"),
    ("dataset", "legacy-datasets/common_voice"),
    ("dataset", "rajpurkar/squad"),
)


@click.command("kinds")
@click.option("--home", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--repeats", type=click.IntRange(1), default=5, help="How often each is asked again.")
def main(home: Path, repeats: int) -> None:
    """What a page is made from: for the first time, and the median of further times, by the index of the home and by
    the database alone. A server has read names before it is asked."""
    rows = []
    with connect(home) as db:
        for source, known in (("index", Known(db, home)), ("database", Known(db))):
            begun = time.perf_counter()
            known.speller, known.words  # noqa: B018
            rows.append((source, "names", "", f"{_since(begun):.0f}", ""))
            for field, name in (each for each in PAGES if each[0] == "dataset" or each[1] in known.facts[each[0]]):
                took = []
                for _ in range(1 + repeats):
                    begun = time.perf_counter()
                    try:
                        page = kinds.read(db, known, field, name)
                    except NotFound:
                        break
                    took.append(_since(begun))
                else:
                    first, again = took[0], statistics.median(took[1:])
                    rows.append((source, f"{field} {name}", f"{page.models:,}", f"{first:.0f}", f"{again:.0f}"))
    table("kinds", ("asked", "page", "models", "first ms", "again ms"), rows)


def _since(begun: float) -> float:
    """Milliseconds."""
    return 1000 * (time.perf_counter() - begun)
