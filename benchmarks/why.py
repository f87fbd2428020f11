"""Why one model is recommended for another, and the reasons of a page of 20, in this process."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path

import click
from threadpoolctl import threadpool_limits

from benchmarks.common import quantiles
from graph.database import Database, connect
from graph.pairs import why, why_each
from graph.reasons import first
from graph.recommend import recommend
from graph.sides import read_models

#: Models that thousands of others are linked to.
HUBS = (
    "google-bert/bert-base-uncased",
    "openai-community/gpt2",
    "meta-llama/Llama-2-7b-hf",
    "mistralai/Mistral-7B-v0.1",
    "stabilityai/stable-diffusion-xl-base-1.0",
)
IDS = "MATCH (m:Model) WHERE m.deletedAt IS NULL RETURN m.id AS id ORDER BY reverse(m.id) LIMIT 2000"
PAGE = 20


@click.command("why")
@click.option(
    "--home", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="A home that is built."
)
@click.option("--count", type=click.IntRange(1), default=100, help="How many models.")
@click.option("--method", default="gat", help="Whose recommendations.")
def main(home: Path, count: int, method: str) -> None:
    """A pair, a model that is not recommended, each two of four, and the reasons of 20, of drawn models and of hubs."""
    with connect(home) as db, threadpool_limits(1, user_api="blas"):  # as in a worker of `hfmrs serve`
        ids = [str(row[0]) for row in db.ask(IDS, limit=2000, timeout=60.0).rows]
        drawn = random.Random(0).sample(ids, min(count, len(ids)))
        there = read_models(db, method, HUBS).sides
        hubs = [id for id in HUBS if id in there] * 10
        for name, models in (("drawn", drawn), ("hubs", hubs)):
            _measure(db, method, name, models, ids)


def _measure(db: Database, method: str, name: str, models: Sequence[str], ids: Sequence[str]) -> None:
    listed = {
        id: [each.model.id for each in recommend(db, [id], method=method, k=PAGE, reasons="none").recommendations]
        for id in dict.fromkeys(models)
    }
    asked = [id for id in models if len(listed[id]) == PAGE]
    others = random.Random(1)

    def pair(id: str) -> None:
        why(db, id, others.choice(listed[id]), method=method)

    def outside(id: str) -> None:
        why(db, id, others.choice([other for other in ids if other != id]), method=method)

    def served(id: str) -> None:
        recommend(db, [id], method=method, k=PAGE)

    def page(id: str) -> None:
        sides = read_models(db, method, [id, *listed[id]])
        query, terms, weights = sides.of(id), sides.service.terms, sides.service.weights["model"]
        for other in listed[id]:
            first(query, sides.of(other), terms=terms, weights=weights, known=sides.known)

    def each(id: str) -> None:
        why_each(db, [id, *others.sample(listed[id], 3)], method=method)

    def singly(id: str) -> None:
        for a, b in permutations([id, *others.sample(listed[id], 3)], 2):
            why(db, a, b, method=method)

    for what, ask in (
        ("why, of the first 20", pair),
        ("why, any model", outside),
        ("each two of four, both ways", each),
        ("each two of four, one after the other", singly),
        ("reasons of 20, worked out", page),
        ("20 with their reasons, as served", served),
    ):
        times = [_seconds(ask, id) for id in asked]
        own = 1000 * statistics.median(of_processor for _, of_processor in times)
        told = quantiles([wall for wall, _ in times])
        print(f"{what}, {name} ({len(times)}): {told}; {own:.1f} ms of processor, without the database's", flush=True)


def _seconds(ask: Callable[[str], None], id: str) -> tuple[float, float]:
    """Wall time, and this process's processor time, which other work on the machine hardly changes."""
    begun, of_processor = time.perf_counter(), time.process_time()
    ask(id)
    return time.perf_counter() - begun, time.process_time() - of_processor
