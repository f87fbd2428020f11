"""Gradient-boosted re-rankers: trees over the scores of other methods and over numbers of queries, items and pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic

import numpy as np

from gnn.ranking.features import AUTHOR_FEATURES, NAMES, features_of
from gnn.ranking.hindsight import Moment as PastModels
from gnn.ranking.hindsight import Numbers, known_of
from gnn.ranking.hindsight import moments as moments_of
from gnn.ranking.methods import Float64Array, Shares, blocks, named
from gnn.ranking.moments import Moment, likely, moments
from gnn.ranking.newcomers import AnyTask
from gnn.ranking.task import History
from gnn.ranking.trees import COMMON, Labelled, Trees
from graph.types import FloatArray, IntArray


@dataclass
class Reranker:
    """Learns from `moments` before the cut, `step` days apart, what authors built on in the `ahead` days after each.

    Only what stands high by some number is ranked, and learned from: trees that are shown true items from anywhere
    beside false ones that stand high would learn that what stands nowhere is true. Where authors who had built on
    nothing are asked about, it learns from such too."""

    moments: int = 16
    step: float = 10.0
    ahead: float = 60.0
    trees: Trees = field(default_factory=Trees)
    seeded = True
    names = (*NAMES, COMMON)

    def fit(self, past: History, seed: int) -> None:
        everyone = past.builders < len(past.authors)
        learned = moments(past, self.moments, self.step, self.ahead)
        self.trees.fit([each for moment in learned for each in _of_moment(moment, everyone)], seed)
        self._features, self._past = features_of(past), past

    def scores(self, authors: IntArray) -> FloatArray:
        asked = blocks(self._past.author_rows[authors])
        return np.concatenate([self._scores(each) for each in asked])

    def _scores(self, rows: IntArray) -> FloatArray:
        marks = likely(self._features, rows)
        return self.trees.among(self._features.marked(rows, marks), marks)

    def explain(self, author: int, item: int) -> Shares:
        rows = self._past.author_rows[[author]]
        if not likely(self._features, rows)[0, item]:
            return ()
        return named(self.names, self.trees.shares(self._features.chosen(rows, np.array([[item]]))[0])[0])

    def shares(self, authors: IntArray, items: IntArray) -> Float64Array:
        numbers = self._features.chosen(self._past.author_rows[authors], items)
        return self.trees.shares_of_many(numbers.reshape(-1, len(NAMES))).reshape(*items.shape, len(self.names))


def _of_moment(moment: Moment, everyone: bool) -> Iterator[Labelled]:
    """The lists of those who had built on something, or of `everyone`, with an answer among what stands high."""
    ends = np.searchsorted(moment.asked, np.arange(len(moment.authors) + 1))
    for author in np.flatnonzero(moment.builders | everyone).tolist():
        pairs = ends[author] + np.flatnonzero(moment.likely[ends[author] : ends[author + 1]])
        labels = moment.true[pairs].astype(np.float32)
        if labels.any():
            items = moment.item_features[moment.column[pairs]]
            own = np.broadcast_to(moment.author_features[author], (len(pairs), len(AUTHOR_FEATURES)))
            yield np.concatenate([moment.numbers[pairs].astype(np.float32), items, own], axis=1), labels


@dataclass
class TraceRanker(Generic[AnyTask]):
    """The same for new models: learns from those that were new at earlier moments, over some `numbers` of pairs."""

    numbers: Numbers[AnyTask]
    trees: Trees = field(default_factory=Trees)
    seeded = True

    def fit(self, task: AnyTask, seed: int) -> None:
        lists = [each for moment in moments_of(task, self.numbers) for each in _lists(moment)]
        self.trees.fit(lists, seed)
        self._task, self._known = task, known_of(task, self.numbers)

    def scores(self, children: IntArray) -> FloatArray:
        return np.concatenate([self._scores(each) for each in blocks(children)])

    def _scores(self, children: IntArray) -> FloatArray:
        found = self._known.of(children)
        marks = self.numbers.likely(found, self._task.allowed(children))
        return self.trees.among(found[marks], marks)


def _lists(moment: PastModels) -> Iterator[Labelled]:
    ends = np.cumsum(np.bincount(moment.asked, minlength=len(moment.children)))[:-1]
    numbers, labels = np.split(moment.numbers, ends), np.split(moment.true, ends)
    yield from (
        (each.astype(np.float32), label.astype(np.float32)) for each, label in zip(numbers, labels, strict=True)
    )
