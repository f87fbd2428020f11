"""What a network's settings are chosen by: links of a time before the part that is held out, so that it stays unseen.

Everything from the held-out part on is left away; of what remains, the last 15 % are what the settings are judged by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.common import built_home, shared
from benchmarks.server import serving
from graph.database import Database, connect
from graph.export import subgraph
from graph.types import Subgraph

if TYPE_CHECKING:
    from gnn.training import TrainingSettings

HUB = "hub-2024-07/models.jsonl.zst"
SEEDS = (0, 1)


def main() -> None:
    with built_home() as home:
        with serving(home, "demo", "--no-open"):
            pass
        _judge("the sample", home)
    file = shared(HUB)
    if file is None:
        print(f"choose: no {HUB}; set HFMRS_SHARED_DATA to a folder of Hub metadata.")
        return
    with built_home("load", str(file), "--limit", "10000") as home:
        _judge("10,000 models", home)


def _judge(name: str, home: Path) -> None:
    with connect(home) as db:
        data = before_held_out(db)
    print(f"{name}, {data}")
    for what, settings in _variants().items():
        _tell(what, data, settings)
    _tell("without nearness of texts", data, _variants()["as it is"], text=False)


def _variants() -> dict[str, TrainingSettings]:
    """The settings in use, and what is changed of them, one at a time."""
    from gnn.training import TrainingSettings

    return {
        "as it is": TrainingSettings(),
        "learning_rate 0.002": TrainingSettings(learning_rate=2e-3),
        "learning_rate 0.008": TrainingSettings(learning_rate=8e-3),
        "weight_decay 0.1": TrainingSettings(weight_decay=0.1),
        "dropout 0.5": TrainingSettings(dropout=0.5),
    }


def _tell(what: str, data: Subgraph, settings: TrainingSettings, text: bool = True) -> None:
    found = [_train(data, replace(settings, seed=seed), text) for seed in SEEDS]
    kinds = ", ".join(f"{kind} {np.mean([each[kind] for each in found]):.3f}" for kind in found[0])
    print(f"{what}: MRR {kinds}", flush=True)


def before_held_out(db: Database) -> Subgraph:
    """The graph as it was before the held-out part of the whole one begins."""
    from gnn.tasks import Events, split

    start = split(Events(subgraph(db)))[2].start
    return subgraph(db, cut=datetime.fromtimestamp(start * 86_400.0, tz=timezone.utc))


def _train(data: Subgraph, settings: TrainingSettings, text: bool) -> Mapping[str, float]:
    """MRR over all pairs and by kind of query."""
    from gnn.evaluate import overall
    from gnn.training import Trainer

    trainer = Trainer(data, settings)
    if not text:
        for weight in trainer.pairs.text.values():
            weight.requires_grad_(False).zero_()
    trainer.fit()
    table = trainer.metrics(trainer.held_out)
    return {"all": overall(table), **{kind: row["mrr"] for kind, row in table.items()}}
