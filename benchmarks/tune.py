"""Settings of the methods that rank (`gnn.ranking.methods`), tried on an earlier cut than the one reported on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from itertools import product
from pathlib import Path

import click

from benchmarks.options import table
from gnn.ranking.contest import contest
from gnn.ranking.factors import Factors
from gnn.ranking.linear import EASE, Blend, ItemKNN
from gnn.ranking.methods import Method, Popularity
from gnn.ranking.network import GraphNetwork
from gnn.ranking.past import as_of
from gnn.ranking.rerank import Reranker
from gnn.ranking.task import built_next, history
from gnn.ranking.trees import Trees
from graph.database import connect
from graph.export import subgraph

#: No link of the cut that is reported on, or of any day after it, is looked at.
CUT, UNTIL = (datetime(2024, month, 1, tzinfo=timezone.utc) for month in (1, 4))
MEASURES = ("warm recall@20", "warm ndcg@20", "strict recall@20", "strict ndcg@20")


@click.command("tune")
@click.option(
    "--home",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="A home with the Hub's models.",
)
@click.option("--only", metavar="METHOD", help="Settings of one method only.")
def main(home: Path, only: str | None) -> None:
    """Settings of the methods that rank, on the question what authors built on next from January to March of 2024."""
    with connect(home) as db:
        whole = subgraph(db, home)
    asked = built_next(whole, history(as_of(whole, CUT)), UNTIL)
    del whole
    tried = {name: make for name, make in settings() if only is None or name.startswith(f"{only} ")}
    judged = contest(asked, tried, tell=lambda done, text: click.echo(f"{done} of {len(tried)}: {text}", err=True))
    rows = [(each.method, *(each.measures[name] for name in MEASURES), each.seconds) for each in judged]
    size = ", ".join(f"{number:,} {what}" for what, number in asked.about().items())
    table(f"tune: {size}", ("settings", *MEASURES, "seconds"), rows)


def settings() -> Iterator[tuple[str, Callable[[], Method]]]:
    """Every setting that is tried, by its name."""
    for window in (7, 14, 30, 60, 90):
        yield f"recent-popularity {window} days", lambda window=window: Popularity(window=window)  # type: ignore[misc]
    for half in (4, 7, 15, 30, 60):
        yield f"decayed-popularity {half} days", lambda half=half: Popularity(half_life=half)  # type: ignore[misc]
    ages: tuple[int | None, ...] = (None, 30, 90, 180)
    for neighbours, shrink, age in product((50, 200, 500), (5.0, 20.0, 50.0, 100.0), ages[:3]):
        name = f"item-knn {neighbours} neighbours, shrink {shrink:g}, half-life {age}"
        yield name, lambda n=neighbours, s=shrink, h=age: ItemKNN(n, s, h)  # type: ignore[misc]
    for strength, age in product((100.0, 300.0, 1_000.0, 3_000.0), ages):
        name = f"ease regularisation {strength:g}, half-life {age}"
        yield name, lambda s=strength, h=age: EASE(s, h)  # type: ignore[misc]
    for strength, window, share in product((300.0, 1_000.0, 3_000.0), (7, 14, 30), (0.3, 0.6, 1.0, 1.5)):
        name = f"ease-recency regularisation {strength:g}, half-life 90, window {window} days, share {share:g}"
        yield name, lambda r=strength, w=window, s=share: Blend(EASE(r, 90), Popularity(w), s)  # type: ignore[misc]
    for size, strength in product((8, 16, 32), (1.0, 3.0, 10.0, 30.0)):
        yield f"als size {size}, regularisation {strength:g}", lambda d=size, s=strength: Factors("als", d, 30, s)  # type: ignore[misc]
    for size, strength, rounds in product((8, 32), (0.01, 0.03, 0.1), (100, 400)):
        name = f"bpr size {size}, regularisation {strength:g}, {rounds} rounds"
        yield name, lambda d=size, s=strength, n=rounds: Factors("bpr", d, n, s)  # type: ignore[misc]
    for size, rate, feature_rate in ((32, 2e-3, 1e-2), (64, 2e-3, 1e-2), (32, 1e-3, 1e-2), (32, 4e-3, 4e-3)):
        name = f"gat size {size}, learning rate {rate:g}, of features {feature_rate:g}"
        yield name, lambda d=size, r=rate, f=feature_rate: GraphNetwork(size=d, learning_rate=r, feature_rate=f)  # type: ignore[misc]
    for kind in ("gcn", "none"):
        yield f"{kind} as gat", lambda k=kind: GraphNetwork(k)  # type: ignore[misc]
    for moments, step, rounds in ((8, 20.0, 300), (16, 10.0, 300), (16, 10.0, 600)):
        name = f"reranker {moments} moments, {step:g} days apart, {rounds} rounds"
        yield name, lambda m=moments, s=step, r=rounds: Reranker(m, s, trees=Trees(r))  # type: ignore[misc]
