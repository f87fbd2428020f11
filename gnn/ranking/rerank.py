"""A gradient-boosted re-ranker: trees over the scores of other methods and over numbers of authors, items and pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from gnn.ranking.linear import EASE, ItemKNN
from gnn.ranking.methods import Method, Popularity, Shares
from gnn.ranking.past import as_of, bare, moment_of, owner
from gnn.ranking.task import BuiltNext, History, built_next, history
from graph.types import FloatArray, IntArray

#: Days over which an item's builds are counted.
_WINDOWS = (7, 14, 30, 60, 90, 180)
_BLOCK = 200


def parts() -> Mapping[str, Callable[[], Method]]:
    """The methods whose scores the trees see."""
    return {
        "decayed popularity": lambda: Popularity(half_life=15),
        "ease": lambda: EASE(100.0),
        "ease decayed": lambda: EASE(100.0, half_life=60),
        "item-knn": ItemKNN,
        "item-knn decayed": lambda: ItemKNN(half_life=60),
    }


class Features:
    """Numbers of every pair of an author and an item, as of a history."""

    def __init__(self, past: History, seed: int) -> None:
        self._past = past
        self._parts = [make() for make in parts().values()]
        for each in self._parts:
            each.fit(past, seed)
        self._items = self._of_items(past)
        self._authors = self._of_authors(past)
        names = {name: i for i, name in enumerate(dict.fromkeys(owner(item) for item in past.items))}
        self._owner = np.array([names[owner(item)] for item in past.items])
        owned = np.zeros((len(past.items), len(names)), np.float32)
        owned[np.arange(len(past.items)), self._owner] = 1
        #: Of each author, how many bases of each owner they have built on.
        self._of_owner = past.matrix() @ owned

    def of(self, authors: IntArray) -> FloatArray:
        """(authors, items, features)."""
        shape = (len(authors), len(self._past.items))
        columns: list[npt.NDArray[Any]] = [np.broadcast_to(each.scores(authors), shape) for each in self._parts]
        # Where an item stands in its list says more across snapshots than the score itself.
        columns += [np.argsort(np.argsort(-each, axis=1), axis=1) for each in columns]
        columns += [np.broadcast_to(column, shape) for column in self._items.T]
        columns += [np.broadcast_to(column[authors][:, None], shape) for column in self._authors.T]
        columns.append(self._of_owner[authors][:, self._owner])
        return np.stack(columns, axis=2).astype(np.float32)

    def _of_items(self, past: History) -> FloatArray:
        count = len(past.items)
        ever = np.bincount(past.item, minlength=count)
        recent = [np.bincount(past.item[past.ages <= days], minlength=count) for days in _WINDOWS]
        last = np.full(count, np.inf)
        np.minimum.at(last, past.item, past.ages)
        # Shares of all builds of the window: what is much built upon changes from snapshot to snapshot.
        shares = [1e3 * each / max(int(each.sum()), 1) for each in (ever, *recent)]
        return np.stack([ever, *recent, *shares, last, past.cut - past.created], axis=1).astype(np.float32)

    def _of_authors(self, past: History) -> FloatArray:
        count = len(past.authors)
        ever = np.bincount(past.author, minlength=count)
        recent = np.bincount(past.author[past.ages <= 90], minlength=count)
        last = np.full(count, np.inf)
        np.minimum.at(last, past.author, past.ages)
        return np.stack([ever, recent, last], axis=1).astype(np.float32)


@dataclass
class Reranker:
    """Learns from `snapshots` moments before the cut, each `days` apart, what authors built on in the days after it:
    the true items against `negatives` drawn from the `depth` best of any of its parts and from all."""

    snapshots: int = 3
    days: float = 60.0
    depth: int = 100
    negatives: int = 60
    rounds: int = 200
    leaves: int = 31
    learning_rate: float = 0.06
    seeded = True
    _trees: HistGradientBoostingClassifier = field(init=False, repr=False)
    _features: Features = field(init=False, repr=False)

    def fit(self, past: History, seed: int) -> None:
        random = np.random.default_rng(seed)
        rows, labels = [], []
        for number in range(self.snapshots):
            start = past.cut - (number + 1) * self.days
            then = history(as_of(bare(past.data), moment_of(start)))
            asked = built_next(past.data, then, moment_of(start + self.days))
            for features, truth in self._examples(asked, seed, random):
                rows.append(features)
                labels.append(truth)
        if not rows:
            raise ValueError("Nothing was built before the cut to learn from.")
        self._trees = HistGradientBoostingClassifier(
            max_iter=self.rounds,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.leaves,
            l2_regularization=1.0,
            random_state=seed,
        )
        self._trees.fit(np.concatenate(rows), np.concatenate(labels))
        self._features = Features(past, seed)

    def scores(self, authors: IntArray) -> FloatArray:
        found = []
        for start in range(0, len(authors), _BLOCK):
            features = self._features.of(authors[start : start + _BLOCK])
            flat = features.reshape(-1, features.shape[2])
            found.append(self._trees.decision_function(flat).reshape(features.shape[:2]))
        return np.asarray(np.concatenate(found), dtype=np.float32)

    def explain(self, author: int, item: int) -> Shares:
        return ()

    def _examples(
        self, asked: BuiltNext, seed: int, random: np.random.Generator
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Features and labels (rows,) of a snapshot."""
        if not asked.names:
            return
        features = Features(asked.history, seed)
        index = {name: i for i, name in enumerate(asked.items)}
        known = asked.history.matrix()
        truths = asked.kinds()["warm"]
        for start in range(0, len(asked.queries), _BLOCK):
            authors = asked.queries[start : start + _BLOCK]
            made = features.of(authors)
            for row, author in enumerate(authors.tolist()):
                true = np.array([index[name] for name in truths[start + row]], dtype=np.int64)
                if not len(true):
                    continue
                first = len(parts())
                near = np.flatnonzero((made[row, :, first : 2 * first] < self.depth).any(axis=1))
                others = np.setdiff1d(np.union1d(near, random.integers(len(index), size=20)), true)
                others = np.setdiff1d(others, known[author].indices)
                others = random.permutation(others)[: self.negatives]
                chosen = np.concatenate([true, others])
                yield made[row, chosen], np.r_[np.ones(len(true), np.float32), np.zeros(len(others), np.float32)]
