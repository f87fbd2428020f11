"""Gradient-boosted trees for the question what those who built on a model build on next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from gnn.ranking.features import WINDOWS, counted, freshness
from gnn.ranking.for_model import ForModel, ModelMethod, for_model
from gnn.ranking.methods import blocks
from gnn.ranking.past import moment_of
from gnn.ranking.task import History, earlier
from gnn.ranking.trees import Labelled, Marks, Trees, labelled, proposed
from graph.types import FloatArray, IntArray


class _Numbers:
    """Of pairs of bases: what `parts` say, and who built on both lately."""

    def __init__(self, parts: Mapping[str, Callable[[], ModelMethod]], past: History, seed: int) -> None:
        self._fitted = [make() for make in parts.values()]
        for each in self._fitted:
            each.fit(past, seed)
        count = len(past.items)
        columns = [*counted(past.item, past.ages, WINDOWS, count), freshness(past.item, past.ages, count)]
        self._items = np.stack([*columns, -np.log1p(np.nan_to_num(past.cut - past.created, nan=1_000.0))], axis=1)

    def of(self, models: IntArray) -> FloatArray:
        """(models, items, numbers): the parts first."""
        said = np.stack([each.scores(models) for each in self._fitted], axis=2)
        shape = (*said.shape[:2], self._items.shape[1])
        ends = np.broadcast_to(self._items[None], shape), np.broadcast_to(self._items[models][:, None], shape)
        return np.concatenate([said, *ends], axis=2, dtype=np.float32)


@dataclass
class ModelRanker:
    """LambdaMART over what `parts` say and how much was built on both models lately: learns from what came true in the
    `ahead` days after `moments` before the cut, `step` days apart, among the `depth` first by each part."""

    parts: Mapping[str, Callable[[], ModelMethod]]
    moments: int = 8
    step: float = 20.0
    ahead: float = 60.0
    depth: int = 100
    trees: Trees = field(default_factory=Trees)
    seeded = True

    def fit(self, past: History, seed: int) -> None:
        lists: list[Labelled] = []
        for then, end in earlier(past, self.moments, self.step, self.ahead):
            lists += self._lists(for_model(past.data, then, moment_of(end)), seed)
        self.trees.fit(lists, seed)
        self._numbers = _Numbers(self.parts, past, seed)

    def scores(self, models: IntArray) -> FloatArray:
        return np.concatenate([self._scores(part) for part in blocks(models)])

    def _scores(self, models: IntArray) -> FloatArray:
        found, marks = self._asked(self._numbers, models)
        return self.trees.among(found[marks], marks)

    def _asked(self, numbers: _Numbers, models: IntArray) -> tuple[FloatArray, Marks]:
        found = numbers.of(models)
        return found, proposed([found[:, :, part] for part in range(len(self.parts))], self.depth)

    def _lists(self, task: ForModel, seed: int) -> list[Labelled]:
        lists: list[Labelled] = []
        if len(task.models):
            numbers, index = _Numbers(self.parts, task.past, seed), {name: i for i, name in enumerate(task.items)}
            truths = [[index[each] for each in truth] for truth in task.kinds()["warm"]]
            for rows in blocks(np.arange(len(task.models))):
                found, marks = self._asked(numbers, task.models[rows])
                marks &= task.allowed(task.models[rows])
                lists += labelled(found, marks, [truths[row] for row in rows.tolist()])
        return lists
