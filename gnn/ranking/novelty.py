"""A control of popularity: how far what is built upon much comes first, and what that costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gnn.ranking.contest import Ranking
from gnn.ranking.ensemble import Together
from gnn.ranking.measures import DEPTH
from gnn.ranking.methods import Method, Shares
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray

CONTROL = "control of popularity: its share of what was built in the last 30 days"
#: Days over which a share is taken; what is added to it, so that nothing has a share of 0.
_WINDOW, _LEAST = 30.0, 1e-4
#: Between the name of a method and the strength of the control.
_NOVELTY = " novelty "


@dataclass
class PopularityShare:
    """The logarithm of an item's share of what was built in the last 30 days, less that of an even share: above 0 is
    what is built upon more than most."""

    seeded = False

    def fit(self, past: History, seed: int) -> None:
        count = len(past.items)
        recent = np.bincount(past.item[past.ages <= _WINDOW], minlength=count)
        shares = np.log(recent / max(int(recent.sum()), 1) + _LEAST) - np.log(1 / max(count, 1) + _LEAST)
        self._shares = shares.astype(np.float32)

    def scores(self, authors: IntArray) -> FloatArray:
        return np.broadcast_to(self._shares, (len(authors), len(self._shares)))

    def explain(self, author: int, item: int) -> Shares:
        return ((CONTROL, float(self._shares[item])),)


@dataclass
class _Kept:
    """What `make` makes, fitted to one history once a seed: `fitted` is shared by all strengths of the control."""

    make: Callable[[], Method]
    fitted: dict[int, Method]
    seeded: bool = field(init=False)

    def __post_init__(self) -> None:
        self.seeded = self.make().seeded

    def fit(self, past: History, seed: int) -> None:
        key = seed if self.seeded else 0
        if key not in self.fitted:
            method = self.make()
            method.fit(past, seed)
            self.fitted[key] = method
        self._method = self.fitted[key]

    def scores(self, authors: IntArray) -> FloatArray:
        return self._method.scores(authors)

    def explain(self, author: int, item: int) -> Shares:
        return self._method.explain(author, item)


def controlled(make: Callable[[], Method], strength: float) -> Together:
    """The method that `make` makes less `strength` times the popularity of an item, each in units of its deviation:
    from -1, well-trodden, to 1, hidden gems. Its explanations add up, with the share `CONTROL`."""
    return Together([(1.0, make), (-strength, PopularityShare)])


def at_strengths(
    known: Mapping[str, Callable[[], Method]], strengths: Sequence[float]
) -> Mapping[str, Callable[[], Method]]:
    """Each method as it is, and as `name novelty strength` with the control; all for one and the same history."""
    made: dict[str, Callable[[], Method]] = {}
    for name, make in known.items():
        fitted: dict[int, Method] = {}

        def kept(make: Callable[[], Method] = make, fitted: dict[int, Method] = fitted) -> Method:
            return _Kept(make, fitted)

        made[name] = kept
        for strength in sorted({*strengths} - {0.0}):
            made[f"{name}{_NOVELTY}{strength:g}"] = lambda kept=kept, strength=strength: controlled(kept, strength)  # type: ignore[misc]
    return made


def method_of(name: str) -> str:
    """The method that `at_strengths` has given `name` to."""
    return name.split(_NOVELTY, 1)[0]


def median_ranks(rankings: Sequence[Ranking], past: History) -> Mapping[str, float]:
    """Of each method the median over the first 20 of all its lists of an item's rank by how many authors had built on
    it before the cut, 1 the most; equals have the best rank of theirs. NaN where nothing is recommended."""
    counts = np.bincount(past.item, minlength=len(past.items))
    ranks = len(counts) - np.searchsorted(np.sort(counts), counts, "right") + 1
    rank = dict(zip(past.items, ranks.tolist(), strict=True))
    shown: dict[str, list[int]] = {}
    for ranking in rankings:
        places = [rank.get(each, len(counts)) for row in ranking.ranked for each in row[:DEPTH]]
        shown.setdefault(ranking.method, []).extend(places)
    return {method: float(np.median(places)) if places else float("nan") for method, places in shown.items()}
