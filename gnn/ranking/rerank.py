"""Gradient-boosted re-rankers: trees over the scores of other methods and over numbers of queries, items and pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gnn.ranking import hindsight, traces
from gnn.ranking.features import NAMES, Features, features_of
from gnn.ranking.lineage import Lineage
from gnn.ranking.methods import BLOCK, Float64Array, Shares, blocks, named
from gnn.ranking.past import moment_of
from gnn.ranking.task import BuiltNext, History, built_first, built_next, earlier
from gnn.ranking.trees import COMMON, Labelled, Marks, Trees, labelled, proposed
from graph.types import FloatArray, IntArray

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


@dataclass
class Reranker:
    """Learns from `moments` before the cut, `step` days apart, what authors built on in the `ahead` days after each:
    among the `depth` first by one of a few numbers. Where authors who had built on nothing are asked about, it learns
    from such too."""

    moments: int = 16
    step: float = 10.0
    ahead: float = 60.0
    depth: int = 100
    trees: Trees = field(default_factory=Trees)
    seeded = True
    names = (*NAMES, COMMON)

    def fit(self, past: History, seed: int) -> None:
        asked = (built_next,) if past.builders == len(past.authors) else (built_next, built_first)
        lists: list[Labelled] = []
        for then, end in earlier(past, self.moments, self.step, self.ahead):
            for ask in asked:
                lists += self._lists(ask(past.data, then, moment_of(end)))
        self.trees.fit(lists, seed)
        self._features, self._past = features_of(past), past

    def scores(self, authors: IntArray) -> FloatArray:
        asked = blocks(self._past.author_rows[authors])
        return np.concatenate([self.trees.among(*self._asked(self._features, each)) for each in asked])

    def explain(self, author: int, item: int) -> Shares:
        numbers, marks = self._asked(self._features, self._past.author_rows[[author]])
        return named(self.names, self.trees.shares(numbers[:, item])[0]) if marks[0, item] else ()

    def shares(self, authors: IntArray, items: IntArray) -> Float64Array:
        numbers = self._features.chosen(self._past.author_rows[authors], items)
        return self.trees.shares(numbers.reshape(-1, len(NAMES))).reshape(*items.shape, len(self.names))

    def _asked(self, features: Features, rows: IntArray) -> tuple[FloatArray, Marks]:
        """The numbers of some authors, by their rows in the graph, and what is proposed to them."""
        numbers = features.whole(rows)
        marks = proposed(numbers, [NAMES.index(name) for name in _PROPOSED_BY], self.depth)
        marks[features.built[rows].nonzero()] = False
        return numbers, marks

    def _lists(self, asked: BuiltNext) -> Iterator[Labelled]:
        features = Features(asked.history)
        index = {name: i for i, name in enumerate(asked.items)}
        truths = [[index[name] for name in truth] for truth in asked.kinds()["warm"]]
        for start in range(0, len(asked.queries), BLOCK):
            part = slice(start, start + BLOCK)
            numbers, marks = self._asked(features, asked.history.author_rows[asked.queries[part]])
            yield from labelled(numbers, marks, truths[part])


@dataclass
class TraceRanker:
    """The same for lineage: learns from the models that were new at earlier moments."""

    trees: Trees = field(default_factory=Trees)
    seeded = True

    def fit(self, task: Lineage, seed: int) -> None:
        lists = [each for moment in hindsight.moments(task.past) for each in _lists(moment)]
        self.trees.fit(lists, seed)
        self._task, self._traces = task, traces.Traces(task)

    def scores(self, children: IntArray) -> FloatArray:
        return np.concatenate([self._scores(each) for each in blocks(children)])

    def _scores(self, children: IntArray) -> FloatArray:
        numbers = self._traces.of(children)
        return self.trees.among(numbers, hindsight.likely(numbers, self._task.allowed(children)))


def _lists(moment: hindsight.Moment) -> Iterator[Labelled]:
    ends = np.cumsum(np.bincount(moment.asked, minlength=len(moment.children)))[:-1]
    numbers, labels = np.split(moment.numbers, ends), np.split(moment.true, ends)
    yield from (
        (each.astype(np.float32), label.astype(np.float32)) for each, label in zip(numbers, labels, strict=True)
    )
