"""Is a model found by its name? The place of known models among what their names find."""

from __future__ import annotations

import random
from pathlib import Path
from statistics import mean

import click

from benchmarks.options import table
from graph import models
from graph.database import Database, connect
from graph.known import Known
from graph.query_language import Query
from graph.search import Embed, search
from graph.text import StaticEmbedder

MOST_USED = "MATCH (m:Model) WHERE m.downloads > 0 RETURN m.id AS id ORDER BY m.downloads DESC LIMIT 2000"
OF_ALL = "MATCH (m:Model) WHERE m.deletedAt IS NULL RETURN m.id AS id ORDER BY reverse(m.id) LIMIT 1500"
#: Later places count as not found.
PLACES = 50


@click.command("found")
@click.option("--home", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--count", default=100, help="Models of each group.")
@click.option("--seed", default=0)
def main(home: Path, count: int, seed: int) -> None:
    """The mean reciprocal rank of models whose names, without their owners, are searched for, by the index of the home
    and by that of the database."""
    draw = random.Random(seed)
    with connect(home) as db:
        embedder = StaticEmbedder.load(home / "embedder")

        used, all_ = (
            [str(row[0]) for row in db.ask(text, limit=2000, timeout=60.0).rows] for text in (MOST_USED, OF_ALL)
        )
        groups = {
            "200 most used": draw.sample(used[:200], min(count, len(used[:200]))),
            "2,000 most used": draw.sample(used, min(count, len(used))),
            "all": draw.sample(all_, min(count, len(all_))),
        }
        rows = []
        for name, known in (("index of the home", Known(db, home)), ("index of the database", Known(db))):
            for what, embed in (("words", None), ("words and meaning", embedder.vector)):
                shares = [mean(_share(db, id, known, embed) for id in ids) for ids in groups.values()]
                rows.append((name, what, *(round(each, 3) for each in shares)))
    table("found: MRR of names", ("asked", "by", *groups), rows)


def _share(db: Database, id: str, known: Known, embed: Embed | None) -> float:
    query = Query(tuple(models.words(id.split("/")[-1])))
    page = search(db, query, embed, known=known, limit=PLACES, literal=True, forms=True)
    found = [card.id for card in page.cards]
    return 1 / (found.index(id) + 1) if id in found else 0.0
