"""The networks that are in service, on the question what those who built on a model build on next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from gnn.ranking.lessons import around
from gnn.ranking.task import History, TooLittle
from gnn.training import Trainer, TrainingFailed, TrainingSettings
from graph.types import FloatArray, IntArray


@dataclass
class Served:
    """The network of `gnn.training` (`method`: gat or gcn), trained with its usual settings on what was before the cut:
    the bases, and of every author who built on one the first models made from each and the newest. It holds its own
    last links back to stop by."""

    method: str = "gat"
    device: str = "cpu"
    seeded = True

    def fit(self, past: History, seed: int) -> None:
        data = around(past, past.author_rows[: past.builders])
        try:
            trainer = Trainer(data, TrainingSettings(method=self.method, seed=seed, device=self.device))
            trainer.fit()
        except (TrainingFailed, ValueError) as error:
            raise TooLittle(str(error)) from error
        row = {name: i for i, name in enumerate(data.nodes["Model"])}
        self._items = np.array([row[name] for name in past.items], dtype=np.int64)
        self._trainer = trainer
        messages = trainer.graphs.at(past.cut).to(trainer.device)
        trainer.network.eval()
        with torch.no_grad():
            self._vectors, _ = trainer.parts(trainer.embed(messages).hidden, messages, "model")
        self._counts = torch.from_numpy(trainer.events.counts(past.cut)).to(trainer.device)

    def scores(self, models: IntArray) -> FloatArray:
        asked, items = self._items[models], self._items
        with torch.no_grad():
            near = self._trainer.closeness("model", asked, items)
            found = self._trainer.pairs("model", self._vectors[asked], self._vectors[items], self._counts[items], near)
        return np.asarray(found.cpu().numpy(), dtype=np.float32)
