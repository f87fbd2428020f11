"""Gradient-boosted trees that rank: LambdaMART (Burges, From RankNet to LambdaRank to LambdaMART, 2010), by `lightgbm`.

Their scores are sums of what each number adds (TreeSHAP: Lundberg et al., Consistent individualized feature attribution
for tree ensembles, 2018).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from lightgbm import Booster, Dataset, train

from gnn.ranking.methods import OUTSIDE, Float64Array
from gnn.ranking.task import TooLittle
from graph.types import FloatArray

#: Of one query: numbers (items, n) and labels (items,), 1 for what is true and 0.
Labelled = tuple[FloatArray, FloatArray]
Marks = npt.NDArray[np.bool_]
#: The name of what all scores have in common.
COMMON = "what all have in common"


@dataclass
class Trees:
    """Learns from lists of true and false items which numbers make a true one stand higher. `depth`: of a tree at most;
    -1 is any."""

    rounds: int = 300
    leaves: int = 15
    learning_rate: float = 0.05
    depth: int = -1
    _booster: Booster = field(init=False, repr=False)

    def fit(self, lists: Sequence[Labelled], seed: int) -> None:
        """Raises `TooLittle` where there is no list."""
        if not lists:
            raise TooLittle()
        rows, labels = [numbers for numbers, _ in lists], [truth for _, truth in lists]
        settings = {
            "objective": "lambdarank",
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "min_data_in_leaf": min(100, max(1, sum(map(len, rows)) // 1_000)),
            "lambda_l2": 5.0,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "lambdarank_truncation_level": 30,
            "seed": seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 2,
            "verbosity": -1,
        }
        self._booster = train(settings, Dataset(rows, np.concatenate(labels), group=[*map(len, labels)]), self.rounds)

    def among(self, numbers: FloatArray, marks: Marks) -> FloatArray:
        """(queries, items): scores of the items marked; `OUTSIDE` for all others."""
        found = np.full(marks.shape, OUTSIDE, np.float32)
        found[marks] = self._booster.predict(numbers[marks])
        return found

    def shares(self, numbers: FloatArray) -> Float64Array:
        """(rows, n) -> (rows, n + 1): what each number adds, and what all scores have in common."""
        return np.asarray(self._booster.predict(numbers, pred_contrib=True), dtype=np.float64)


def proposed(numbers: FloatArray, by: Sequence[int], depth: int) -> Marks:
    """(queries, items): marks the `depth` first of each query `by` each of some of the numbers (queries, items, n)."""
    marks = np.zeros(numbers.shape[:2], bool)
    for column in by:
        first = np.argsort(-numbers[:, :, column], axis=1, kind="stable")[:, :depth]
        np.put_along_axis(marks, first, True, axis=1)
    return marks


def labelled(numbers: FloatArray, marks: Marks, truths: Sequence[Sequence[int]]) -> Iterator[Labelled]:
    """Of each query that has a truth among what is marked: the numbers of all that is, and 1 where it is true."""
    for each, mark, truth in zip(numbers, marks, truths, strict=True):
        chosen = np.flatnonzero(mark)
        labels = np.isin(chosen, truth).astype(np.float32)
        if labels.any():
            yield each[chosen], labels
