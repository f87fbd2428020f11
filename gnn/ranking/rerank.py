"""Gradient-boosted re-rankers: trees over the scores of other methods and over numbers of queries, items and pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gnn.ranking import traces
from gnn.ranking.features import AUTHOR_FEATURES, ITEM_FEATURES, PAIR_FEATURES, Features, features_of
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.methods import Float64Array, Shares, named
from gnn.ranking.past import moment_of
from gnn.ranking.task import BuiltNext, History, built_next, earlier
from gnn.ranking.trees import COMMON, Labelled, Marks, Trees, labelled, proposed
from graph.types import FloatArray, IntArray

NAMES = (*PAIR_FEATURES, *ITEM_FEATURES, *AUTHOR_FEATURES)
#: Only what stands high by one of these is ranked, and learned from: trees that are shown true items from anywhere
#: beside false ones that stand high would learn that what stands nowhere is true.
_PROPOSED_BY = (
    "EASE, decayed",
    "ItemKNN, decayed",
    "bases of the same owner, decayed",
    "words in names of their bases",
    "authors who built on it in 14 days",
    "authors who built on it in 60 days",
)
_TRACES_PROPOSED_BY = (
    "made from it by the same author, decayed",
    "made by the author from its owner's",
    "letters of both names",
    "words of both names",
    "its words that are in the name",
    "texts of both",
    "text and texts of its children",
    "facts and those of its children",
    "models made from it in 30 days",
    "made from it: models with texts like this",
    "made from it: models with names like this",
    "made from it: models with facts like this",
)
_BLOCK = 100


@dataclass
class Reranker:
    """Learns from `moments` before the cut, `step` days apart, what authors built on in the `ahead` days after each:
    among the `depth` first by one of a few numbers."""

    moments: int = 16
    step: float = 10.0
    ahead: float = 60.0
    depth: int = 100
    trees: Trees = field(default_factory=Trees)
    seeded = True
    names = (*NAMES, COMMON)

    def fit(self, past: History, seed: int) -> None:
        lists: list[Labelled] = []
        for then, end in earlier(past, self.moments, self.step, self.ahead):
            lists += self._lists(built_next(past.data, then, moment_of(end)))
        self.trees.fit(lists, seed)
        self._features, self._past = features_of(past), past

    def scores(self, authors: IntArray) -> FloatArray:
        rows = self._past.author_rows[authors]
        parts = (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
        return np.concatenate([self.trees.among(*self._asked(self._features, part)) for part in parts])

    def explain(self, author: int, item: int) -> Shares:
        numbers, marks = self._asked(self._features, self._past.author_rows[[author]])
        return named(self.names, self.trees.shares(numbers[:, item])[0]) if marks[0, item] else ()

    def shares(self, authors: IntArray, items: IntArray) -> Float64Array:
        rows, kept = self._past.author_rows[authors], self._features
        pairs = np.take_along_axis(kept.pairs(rows), items[:, :, None], axis=1)
        numbers = _numbers(pairs, kept.items[items], kept.authors(rows))
        return self.trees.shares(numbers.reshape(-1, len(NAMES))).reshape(*items.shape, len(self.names))

    def _asked(self, features: Features, rows: IntArray) -> tuple[FloatArray, Marks]:
        """The numbers of some authors, by their rows in the graph, and what is proposed to them."""
        numbers = _numbers(features.pairs(rows), features.items[None], features.authors(rows))
        marks = proposed(numbers, [NAMES.index(name) for name in _PROPOSED_BY], self.depth)
        marks[features.built[rows].nonzero()] = False
        return numbers, marks

    def _lists(self, asked: BuiltNext) -> Iterator[Labelled]:
        features = Features(asked.history)
        index = {name: i for i, name in enumerate(asked.items)}
        truths = [[index[name] for name in truth] for truth in asked.kinds()["warm"]]
        for start in range(0, len(asked.queries), _BLOCK):
            part = slice(start, start + _BLOCK)
            numbers, marks = self._asked(features, asked.history.author_rows[asked.queries[part]])
            yield from labelled(numbers, marks, truths[part])


def _numbers(pairs: FloatArray, items: FloatArray, authors: FloatArray) -> FloatArray:
    """(authors, items, ·), (authors or 1, items, ·), (authors, ·) -> (authors, items, NAMES)."""
    shape = pairs.shape[:2]
    of_items = np.broadcast_to(items, (*shape, len(ITEM_FEATURES)))
    of_authors = np.broadcast_to(authors[:, None], (*shape, len(AUTHOR_FEATURES)))
    return np.concatenate([pairs, of_items, of_authors], axis=2)


@dataclass
class TraceRanker:
    """The same for lineage: learns from what was made in the `ahead` days after `moments` before the cut, `step` days
    apart."""

    moments: int = 3
    step: float = 30.0
    ahead: float = 60.0
    depth: int = 30
    trees: Trees = field(default_factory=Trees)
    seeded = True

    def fit(self, task: Lineage, seed: int) -> None:
        lists: list[Labelled] = []
        for then, end in earlier(task.past, self.moments, self.step, self.ahead):
            lists += self._lists(lineage(task.past.data, then, moment_of(end), seed))
        self.trees.fit(lists, seed)
        self._task, self._traces = task, traces.Traces(task)

    def scores(self, children: IntArray) -> FloatArray:
        parts = (children[start : start + _BLOCK] for start in range(0, len(children), _BLOCK))
        return np.concatenate([self.trees.among(*self._asked(self._task, self._traces, part)) for part in parts])

    def _asked(self, task: Lineage, made: traces.Traces, children: IntArray) -> tuple[FloatArray, Marks]:
        numbers = made.of(children)
        born = task.whole.times["Model"]
        older = born[task.candidates][None, :] < born[children][:, None]
        marks = proposed(numbers, [traces.NAMES.index(name) for name in _TRACES_PROPOSED_BY], self.depth)
        return numbers, marks & older

    def _lists(self, task: Lineage) -> Iterator[Labelled]:
        made = traces.Traces(task)
        true = np.searchsorted(task.candidates, task.bases)[:, None].tolist()
        for start in range(0, len(task.children), _BLOCK):
            part = slice(start, start + _BLOCK)
            numbers, marks = self._asked(task, made, task.children[part])
            yield from labelled(numbers, marks, true[part])
