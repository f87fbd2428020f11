"""A fresh judgement of the networks and their baselines on links that came after a cut in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.slots import NETWORK_METHODS
from hfmrs.progress import progress
from hfmrs.settings import Settings

if TYPE_CHECKING:
    from graph.database import Database


def evaluate(db: Database, settings: Settings) -> list[dict[str, Any]]:
    """One row a kind of query and method: task, method, pairs and the metrics of `gnn.evaluate.judge`.

    Trains each network anew on the graph before the cut; publishes nothing.
    """
    from gnn.training import TrainingSettings, train
    from graph.export import subgraph

    data = subgraph(db)
    tables: dict[str, dict[str, dict[str, float]]] = {}
    for method in NETWORK_METHODS:
        with progress(f"Training {method}") as on_progress:
            trained = train(data, TrainingSettings(method=method, seed=settings.seed), on_progress=on_progress)
        tables |= trained.metrics["held_out"]
    rows = [{"task": kind, "method": name, **row} for name, table in tables.items() for kind, row in table.items()]
    return sorted(rows, key=lambda row: (row["task"], -row["mrr"]))
