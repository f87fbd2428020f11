"""Methods that rank bases for a base: by who built on both, by text, by facts and by lineage, and a sum of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from gnn.ranking.for_model import ModelMethod
from gnn.ranking.linear import Linear
from gnn.ranking.past import facts_of, jaccard, units
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray


@dataclass
class Rows:
    """What a linear method would score for an author who had built on the model alone."""

    linear: Linear
    seeded = False

    def fit(self, past: History, seed: int) -> None:
        self.linear.fit(past, seed)

    def scores(self, models: IntArray) -> FloatArray:
        return self.linear.for_items(models)


class Texts:
    """The cosine of text vectors."""

    seeded = False

    def fit(self, past: History, seed: int) -> None:
        self._vectors = units(past.data.features["Model"][past.item_rows])

    def scores(self, models: IntArray) -> FloatArray:
        return np.asarray(self._vectors[models] @ self._vectors.T, dtype=np.float32)


class Facts:
    """The Jaccard index of facts, each weighing the logarithm of its rarity."""

    seeded = False

    def fit(self, past: History, seed: int) -> None:
        self._facts = facts_of(past.data, past.data)[past.item_rows]

    def scores(self, models: IntArray) -> FloatArray:
        return jaccard(self._facts[models], self._facts)


class Kinship:
    """The Jaccard index of what two models come from: each itself, and what it was made from."""

    seeded = False

    def fit(self, past: History, seed: int) -> None:
        child, base = past.data.edges["Model", "BASED_ON", "Model"]
        models = len(past.data.nodes["Model"])
        made = sparse.csr_matrix((np.ones(len(child), np.float32), (child, base)), shape=(models, models))
        self._from = (made + sparse.identity(models, np.float32, "csr"))[past.item_rows]

    def scores(self, models: IntArray) -> FloatArray:
        return jaccard(self._from[models], self._from)


@dataclass
class Sum:
    """A sum of other methods, each in units of its deviation over a model's items, times its weight."""

    parts: Sequence[tuple[float, Callable[[], ModelMethod]]]
    seeded: bool = field(init=False)

    def __post_init__(self) -> None:
        self.seeded = any(make().seeded for _, make in self.parts)

    def fit(self, past: History, seed: int) -> None:
        self._fitted = [(weight, make()) for weight, make in self.parts]
        for _, each in self._fitted:
            each.fit(past, seed)

    def scores(self, models: IntArray) -> FloatArray:
        whole = 0.0
        for weight, each in self._fitted:
            scores = each.scores(models)
            units = scores.std(axis=1, keepdims=True)
            whole = whole + weight * scores / np.where(units > 0, units, 1.0)
        return np.asarray(whole, dtype=np.float32)
