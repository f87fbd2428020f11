"""What every method can do, and the methods by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gnn.messages import Days
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray

Float64Array = npt.NDArray[np.float64]
#: What a score is made of: words, and what they add to it.
Shares = tuple[tuple[str, float], ...]
#: The score of an item that a method does not consider: below all others.
OUTSIDE = -1e4
#: Queries that are asked at once: their numbers of all items are held together.
BLOCK = 100


class Method(Protocol):
    """Fits a history, then scores all its items for some of its authors.

    `seeded`: whether another seed gives another outcome.
    """

    seeded: bool

    def fit(self, past: History, seed: int) -> None: ...

    def scores(self, authors: IntArray) -> FloatArray:
        """(authors, items), higher is better; what an author has built on already is scored too, or `OUTSIDE`."""
        ...

    def explain(self, author: int, item: int) -> Shares:
        """What adds up to the score of a pair, most first; empty where the method cannot say, or leaves the item
        outside."""
        ...


class Additive(Method, Protocol):
    """A method whose every score is a sum of shares, the same ones for all pairs: `names` says of what."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def shares(self, authors: IntArray, items: IntArray) -> Float64Array:
        """(authors, k, names): what adds up to the scores of `items` (authors, k), of which none is outside."""
        ...


def named(names: Sequence[str], shares: Float64Array) -> Shares:
    """`shares` (names,) of one pair with their names, most first."""
    return tuple(sorted(zip(names, shares.tolist(), strict=True), key=lambda each: -abs(each[1])))


def blocks(rows: IntArray) -> Iterator[IntArray]:
    """`rows` of queries, at most `BLOCK` at once."""
    return (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


def decay(ages: Days, half_life: float | None) -> FloatArray:
    """(pairs,): weights that halve every `half_life` days; ones without."""
    return np.asarray(np.ones(len(ages)) if half_life is None else 0.5 ** (ages / half_life), dtype=np.float32)


@dataclass
class Popularity:
    """How many authors have built on an item, in the last `window` days, each weighing half after `half_life` days."""

    window: float | None = None
    half_life: float | None = None
    seeded = False

    def fit(self, past: History, seed: int) -> None:
        weights = decay(past.ages, self.half_life)
        if self.window is not None:
            weights = weights * (past.ages <= self.window)
        self._counts = np.bincount(past.item, weights, minlength=len(past.items)).astype(np.float32)
        # Of equals, what was built on more often, ever.
        ever = np.bincount(past.item, minlength=len(past.items))
        self._counts += np.float32(1e-6) * ever / max(int(ever.max(initial=1)), 1)
        self._builders = past.builders

    def scores(self, authors: IntArray) -> FloatArray:
        return np.broadcast_to(self._counts, (len(authors), len(self._counts)))

    def instead(self, scores: FloatArray, authors: IntArray) -> FloatArray:
        """`scores` (authors, items), but what is popular for authors who had built on nothing."""
        return np.where((authors < self._builders)[:, None], scores, self._counts)

    def explain(self, author: int, item: int) -> Shares:
        since = "ever" if self.window is None else f"in the last {self.window:g} days"
        return ((f"authors who built on it {since}", float(self._counts[item])),)


def methods(device: str = "cpu") -> Mapping[str, Callable[[], Method]]:
    """Every method with its settings, chosen on an earlier cut than any that is reported: `make bench ARGS=tune`.
    Networks learn on `device`, see `gnn.device`."""
    from gnn.ranking.ensemble import Together
    from gnn.ranking.factors import Factors
    from gnn.ranking.linear import EASE, Blend, ItemKNN
    from gnn.ranking.network import GraphNetwork
    from gnn.ranking.rerank import Reranker

    network = partial(GraphNetwork, device=device)
    return {
        "popularity": Popularity,
        "recent-popularity": lambda: Popularity(window=30),
        "decayed-popularity": lambda: Popularity(half_life=4),
        "item-knn": ItemKNN,
        "item-knn-decayed": lambda: ItemKNN(half_life=90),
        "ease": EASE,
        "ease-decayed": lambda: EASE(half_life=90),
        "ease-recency": lambda: Blend(EASE(half_life=90), Popularity(window=30), share=0.3),
        "als": lambda: Factors("als", size=32, regularisation=10.0),
        "bpr": lambda: Factors("bpr", size=32, rounds=100, regularisation=0.1),
        "reranker": Reranker,
        "gat": network,
        "gcn": lambda: network("gcn"),
        "no-messages": lambda: network(without=frozenset({"messages"})),
        "gat-reranker": lambda: Together([(1.0, network), (1.0, Reranker)]),
    }
