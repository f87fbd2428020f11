"""Gradient-boosted trees that rank: LambdaMART (Burges, From RankNet to LambdaRank to LambdaMART, 2010), by `lightgbm`.

Their scores are sums of what each number adds (TreeSHAP: Lundberg et al., Consistent individualized feature attribution
for tree ensembles, 2018).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from lightgbm import Booster, Dataset, train

from gnn.ranking.methods import OUTSIDE, Float64Array
from gnn.ranking.task import TooLittle
from graph.types import FloatArray, IntArray

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
    _apart: list[_Tree] = field(init=False, repr=False)

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
        trees = self._booster.dump_model()["tree_info"]
        self._apart = [_Tree(self._booster, number, each) for number, each in enumerate(trees)]

    def among(self, numbers: FloatArray, marks: Marks) -> FloatArray:
        """(queries, items): scores of the items marked, from their `numbers` (marked, n); `OUTSIDE` for all others."""
        found = np.full(marks.shape, OUTSIDE, np.float32)
        found[marks] = self._booster.predict(numbers)
        return found

    def shares(self, numbers: FloatArray) -> Float64Array:
        """(rows, n) -> (rows, n + 1): what each number adds, and what all scores have in common."""
        return np.asarray(self._booster.predict(numbers, pred_contrib=True), dtype=np.float64)

    def shares_of_many(self, numbers: FloatArray) -> Float64Array:
        """The same for thousands of rows, block after block, in a fraction of the time. `numbers` without NaN; trees
        of at most 64 leaves."""
        found = np.zeros((len(numbers), numbers.shape[1] + 1))
        for tree in self._apart:
            found += tree.shares(numbers)
        return found


class _Tree:
    """One tree of `booster`, which takes rows apart once for each way that its splits can fall out: rows that stand on
    the same side of every split have the same shares, and of a million rows only some thousand differ in that."""

    def __init__(self, booster: Booster, number: int, tree: dict[str, Any]) -> None:
        self._booster, self._number = booster, number
        splits = list(_splits(tree["tree_structure"]))
        self._columns = np.array([column for column, _ in splits], dtype=np.int64)
        self._thresholds = np.array([threshold for _, threshold in splits])
        self._bits = 1 << np.arange(len(splits))
        self._ways: IntArray = np.zeros(0, np.int64)
        self._shares = np.zeros((0, booster.num_feature() + 1))

    def shares(self, numbers: FloatArray) -> Float64Array:
        sides = numbers[:, self._columns].astype(np.float64) <= self._thresholds
        ways, first, way = np.unique(sides @ self._bits, return_index=True, return_inverse=True)
        new = ~np.isin(ways, self._ways)
        if new.any():
            made = self._booster.predict(
                numbers[first[new]], pred_contrib=True, start_iteration=self._number, num_iteration=1
            )
            known = np.concatenate([self._ways, ways[new]])
            order = np.argsort(known)
            self._ways, self._shares = known[order], np.concatenate([self._shares, np.asarray(made)])[order]
        return np.asarray(self._shares[np.searchsorted(self._ways, ways)[way]])


def _splits(node: dict[str, Any]) -> Iterator[tuple[int, float]]:
    """The number that each split of a tree asks for, and up to where it goes to the left."""
    if "threshold" in node:
        yield node["split_feature"], node["threshold"]
        yield from _splits(node["left_child"])
        yield from _splits(node["right_child"])


def proposed(by: Sequence[FloatArray], depth: int) -> Marks:
    """(queries, items): marks the `depth` first of each query by each of some numbers, (queries, items) or, where all
    queries have the same, (1, items)."""
    marks = np.zeros(np.broadcast_shapes(*(each.shape for each in by)), bool)
    for each in by:
        first = np.argsort(-each, axis=1, kind="stable")[:, :depth]
        marks[np.arange(len(marks))[:, None], first] = True
    return marks


def labelled(numbers: FloatArray, marks: Marks, truths: Sequence[Sequence[int]]) -> Iterator[Labelled]:
    """Of each query that has a truth among what is marked: the numbers of all that is, and 1 where it is true."""
    for each, mark, truth in zip(numbers, marks, truths, strict=True):
        chosen = np.flatnonzero(mark)
        labels = np.isin(chosen, truth).astype(np.float32)
        if labels.any():
            yield each[chosen], labels
