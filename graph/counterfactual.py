"""The smallest set of facts without which a model would not be among the k best (numpy only).

A fact is dropped where the last layer of the network hears it: its message goes, and the attention of each head is
divided among the other neighbours, which is what the softmax does without it. Held fixed are the layers below, so what
the neighbours send; texts and counts; and who the rivals are, with their own vectors. A GCN has no softmax but a factor
of the degree, which the cosine does not see: its one head stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from graph.score import Float64Array, Side, closeness, score, score_pair
from graph.types import FloatArray, IntArray, Neighbour, ScoreWeights

#: Of a set up to this size every part is tried.
_ALL_PARTS = 10

_Sets = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rivals:
    """The other models that come into question: `embeddings` (models, d), `counts` (models, terms), `closeness`
    (models,), the cosines of their text vectors with the query's."""

    embeddings: FloatArray
    counts: FloatArray
    closeness: Float64Array

    @staticmethod
    def of(query: Side, sides: Sequence[Side]) -> Rivals:
        """From their sides; at least one."""
        return Rivals(
            np.stack([side.embedding for side in sides]),
            np.stack([side.counts for side in sides]),
            np.array([closeness(query, side) for side in sides]),
        )


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What was dropped, the item's score without it, and the k-th best of the rivals' scores then.

    `facts` names each once, as the item's link where it has one. `of_query` and `of_item` are all dropped links of the
    two: a fact that both have stands in both.
    """

    facts: tuple[Neighbour, ...]
    of_query: tuple[Neighbour, ...]
    of_item: tuple[Neighbour, ...]
    score: float
    threshold: float


def counterfactual(
    query: Side, item: Side, rivals: Rivals, k: int, terms: Sequence[str], weights: ScoreWeights
) -> Counterfactual | None:
    """The smallest set of facts without which `k` of the `rivals` score above `item`.

    Dropped may be every kept fact of the item but itself; a fact that the query has too is dropped from both, and so is
    the link between the two. What only the query has stays: without it another question would be asked. Sets of one
    and two are all tried, and of equally many the one that takes the item down furthest is taken; a larger set grows by
    the fact that takes it down furthest and is cut until no part of it would do. None where the item is not among the k
    best, where there are too few rivals to put it out, or where nothing that was tried does it.
    """
    if len(rivals.embeddings) < k:
        return None
    parts = _Dropped(query, item, rivals, k, terms, weights)
    if parts.margins(np.zeros((1, parts.size), dtype=bool))[0] < 0:
        return None
    chosen = _small(parts, lambda margins: margins)
    if chosen is None:
        grown = _grow(parts)
        chosen = None if grown is None else _cut(parts, grown)
    return None if chosen is None else parts.told(chosen)


def hindrance(
    query: Side, item: Side, rivals: Rivals, k: int, terms: Sequence[str], weights: ScoreWeights
) -> Counterfactual | None:
    """The one or two facts without which `item`, which is not among the `k` best, would be; dropped as by
    `counterfactual`, all sets are tried. None where there are none, or fewer than `k` rivals."""
    if len(rivals.embeddings) < k:
        return None
    parts = _Dropped(query, item, rivals, k, terms, weights)
    chosen = _small(parts, lambda margins: -margins)
    return None if chosen is None else parts.told(chosen)


def droppable(query: Side, item: Side) -> int:
    """How many facts there are that could be dropped."""
    return len(_nodes(query, item))


class _Dropped:
    """The pair without any of many sets of facts, each a row of booleans over the droppable ones (`size`)."""

    def __init__(
        self, query: Side, item: Side, rivals: Rivals, k: int, terms: Sequence[str], weights: ScoreWeights
    ) -> None:
        ends = ((query.label, query.key), (item.label, item.key))
        nodes = _nodes(query, item)
        self.size = len(nodes)
        self._links: list[tuple[list[Neighbour], list[Neighbour]]] = [([], []) for _ in nodes]
        sides: list[Parted] = []
        for at, side in enumerate((query, item)):
            units = [-1 if fact[0] == "SELF" else nodes.get(_unit(fact[1:], ends), -1) for fact in side.facts]
            sides.append(Parted(side, units, len(nodes)))
            for fact, unit in zip(side.facts, units, strict=True):
                if unit >= 0:
                    self._links[unit][at].append(fact)
        self._query, self._item = sides
        self._shared = np.array([bool(mine) for mine, _ in self._links], dtype=bool)
        self._k, self._scale = k, weights.scale
        beside = ScoreWeights(0.0, weights.terms, weights.text)
        self._beside = score_pair(query, item, terms, beside)
        self._rivals = _units(rivals.embeddings.astype(np.float64))
        self._rivals_beside = score(query.embedding, rivals.embeddings, rivals.counts, rivals.closeness, terms, beside)

    def scores(self, sets: _Sets) -> tuple[Float64Array, Float64Array]:
        """(sets,), (sets,): the item's score and the k-th best of the rivals' without each of `sets` (sets, size)."""
        # Most sets take nothing from the query, or what others take: its part is worked out once for all of these.
        first, back = _distinct(sets[:, self._shared])
        asked, items = self._query.without(sets[first] & self._shared), self._item.without(sets)
        own = self._scale * (asked[back] * items).sum(1) + self._beside
        others = self._scale * (asked @ self._rivals.T) + self._rivals_beside
        return own, np.partition(others, -self._k, axis=1)[back, -self._k]

    def margins(self, sets: _Sets) -> Float64Array:
        """(sets,): how far above the k-th best rival the item is."""
        own, threshold = self.scores(sets)
        return np.asarray(own - threshold)

    def told(self, chosen: npt.NDArray[np.bool_]) -> Counterfactual:
        own, threshold = self.scores(chosen[None])
        links = [self._links[i] for i in np.flatnonzero(chosen)]
        of_query, of_item = (tuple(fact for each in links for fact in each[at]) for at in (0, 1))
        facts = tuple((each[1] or each[0])[0] for each in links)
        return Counterfactual(facts, of_query, of_item, float(own[0]), float(threshold[0]))


class Parted:
    """One side's embedding, by what its facts send: `units` says of each fact in which of so many (`size`) units it
    can be dropped, -1 where it stays."""

    def __init__(self, side: Side, units: Sequence[int], size: int) -> None:
        heads = max(side.attention.shape[1], 1)
        width = len(side.embedding) // heads
        self._embedding = side.embedding.astype(np.float64)
        self._messages = np.zeros((size, heads * width))
        self._attention = np.zeros((size, heads))
        at = np.asarray(units, dtype=np.int64)
        gone = at >= 0
        attention = side.attention[gone].astype(np.float64)
        sent = side.projected[gone].astype(np.float64).reshape(len(attention), heads, width) * attention[:, :, None]
        np.add.at(self._messages, at[gone], sent.reshape(len(attention), heads * width))
        np.add.at(self._attention, at[gone], attention)
        self._softmax = heads > 1

    def without(self, sets: _Sets) -> Float64Array:
        """(sets, d): the unit embedding without each of `sets` (sets, size) of units."""
        gone = sets.astype(np.float64)
        left = self._embedding - gone @ self._messages
        if self._softmax:
            staying = np.maximum(1.0 - gone @ self._attention, 1e-6)
            left = (left.reshape(*staying.shape, -1) / staying[:, :, None]).reshape(left.shape)
        return _units(left)


def _nodes(query: Side, item: Side) -> dict[tuple[str, str], int]:
    """What can be dropped, numbered: the nodes that the item is linked to, and the query where either is linked to the
    other."""
    ends = ((query.label, query.key), (item.label, item.key))
    nodes: dict[tuple[str, str], int] = {}
    for relationship, label, key in item.facts:
        if relationship != "SELF":
            nodes.setdefault(_unit((label, key), ends), len(nodes))
    if any(fact[1:] == ends[1] for fact in query.facts):
        nodes.setdefault(ends[0], len(nodes))
    return nodes


def _unit(node: tuple[str, str], ends: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """What a linked node is dropped as: the link between the two ends is one, from whichever it is seen."""
    return ends[0] if node in ends else node


def _units(vectors: Float64Array) -> Float64Array:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.asarray(vectors / np.maximum(lengths, 1e-12)[:, None])


def _distinct(rows: _Sets) -> tuple[IntArray, IntArray]:
    """Of equal rows the first, and which of these each row is equal to."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    if not packed.shape[1]:
        return np.zeros(1, dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    _, first, back = np.unique(packed.view(f"S{packed.shape[1]}").ravel(), return_index=True, return_inverse=True)
    return first, back


@lru_cache(maxsize=64)
def _of_size(facts: int, size: int) -> _Sets:
    """(sets, facts): every set of so many of the facts. Nobody writes into it."""
    members = np.array(list(combinations(range(facts), size)), dtype=np.int64).reshape(-1, size)
    sets = np.zeros((len(members), facts), dtype=bool)
    np.put_along_axis(sets, members, True, axis=1)
    sets.flags.writeable = False
    return sets


def _small(parts: _Dropped, low: Callable[[Float64Array], Float64Array]) -> npt.NDArray[np.bool_] | None:
    """The best set of one, else of two, whose margin is `low`: below zero."""
    for size in (1, 2):
        sets = _of_size(parts.size, size)
        margins = low(parts.margins(sets)) if len(sets) else np.zeros(0)
        if len(sets) and margins.min() < 0:
            return np.asarray(sets[margins.argmin()])
    return None


def _grow(parts: _Dropped) -> npt.NDArray[np.bool_] | None:
    """The first set that does it where the fact that takes the item down furthest is added again and again; where no
    more takes it down, all facts."""
    chosen: npt.NDArray[np.bool_] = np.zeros(parts.size, dtype=bool)
    margin = np.inf
    while not chosen.all():
        more = np.flatnonzero(~chosen)
        sets = np.repeat(chosen[None], len(more), axis=0)
        sets[np.arange(len(more)), more] = True
        margins = parts.margins(sets)
        if margins.min() >= margin:
            break
        chosen, margin = np.asarray(sets[margins.argmin()]), margins.min()
        if margin < 0:
            return chosen
    every = np.ones(parts.size, dtype=bool)
    return every if parts.margins(every[None])[0] < 0 else None


def _cut(parts: _Dropped, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The smallest part of `chosen` that still does it: of all parts where they are few enough to try, else of those
    without one more."""
    while True:
        members = np.flatnonzero(chosen)
        if len(members) <= _ALL_PARTS:
            inside = (np.arange(2 ** len(members))[:, None] >> np.arange(len(members))) & 1
        else:
            inside = 1 - np.eye(len(members), dtype=np.int64)
        sets = np.zeros((len(inside), parts.size), dtype=bool)
        sets[:, members] = inside.astype(bool)
        margins = parts.margins(sets)
        fitting = np.flatnonzero(margins < 0)
        if not len(fitting):
            return chosen
        best = min(fitting.tolist(), key=lambda i: (int(sets[i].sum()), float(margins[i])))
        if len(members) <= _ALL_PARTS:
            return np.asarray(sets[best])
        chosen = sets[best]
