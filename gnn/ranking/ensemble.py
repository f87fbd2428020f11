"""Several methods as one: a weighted sum of their scores, so that what they say of a score adds up too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

from gnn.ranking.methods import OUTSIDE, Additive, Float64Array, Method, Shares, blocks
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray

#: Authors by whom scores are scaled, at most.
_SCALED_BY = 500


@dataclass
class Together:
    """`parts`: weights, and methods. A score counts in units of its deviation over an author's items, of those that no
    part leaves outside; what one does leave outside stays there."""

    parts: Sequence[tuple[float, Callable[[], Method]]]
    seeded: bool = field(init=False)

    def __post_init__(self) -> None:
        self.seeded = any(make().seeded for _, make in self.parts)

    def fit(self, past: History, seed: int) -> None:
        self._fitted = [make() for _, make in self.parts]
        for number, each in enumerate(self._fitted):
            each.fit(past, len(self.parts) * seed + number)
        everyone = np.arange(past.builders)
        some = everyone[:: max(1, len(everyone) // _SCALED_BY)]
        units = np.concatenate([self._deviations(each) for each in blocks(some)], axis=1).mean(axis=1)
        weights = np.array([weight for weight, _ in self.parts])
        self._factors = weights / np.where(units > 0, units, 1.0)

    def _deviations(self, authors: IntArray) -> FloatArray:
        """(parts, authors): of the scores of each author that no part leaves outside."""
        found, inside = self._asked(authors)
        counts = np.maximum(inside.sum(axis=1), 1)
        means = (found * inside).sum(axis=2) / counts
        return np.asarray(np.sqrt(((found - means[:, :, None]) ** 2 * inside).sum(axis=2) / counts))

    def scores(self, authors: IntArray) -> FloatArray:
        found, inside = self._asked(authors)
        return np.where(inside, np.einsum("p,pai->ai", self._factors, found), OUTSIDE).astype(np.float32)

    def _asked(self, authors: IntArray) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
        """(parts, authors, items) scores, and (authors, items) whether no part leaves it outside."""
        found = np.stack([each.scores(authors) for each in self._fitted])
        return found, np.asarray((found > OUTSIDE).all(axis=0))

    @property
    def _additive(self) -> list[Additive]:
        return cast("list[Additive]", self._fitted)

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the parts, each once."""
        return tuple(dict.fromkeys(name for each in self._additive for name in each.names))

    def shares(self, authors: IntArray, items: IntArray) -> Float64Array:
        """For parts that are all additive."""
        index = {name: i for i, name in enumerate(self.names)}
        found = np.zeros((*items.shape, len(index)))
        for factor, each in zip(self._factors, self._additive, strict=True):
            found[:, :, [index[name] for name in each.names]] += factor * each.shares(authors, items)
        return found

    def explain(self, author: int, item: int) -> Shares:
        """What the parts say, each name once; nothing where a part says nothing."""
        shares: dict[str, float] = {}
        for factor, each in zip(self._factors, self._fitted, strict=True):
            said = each.explain(author, item)
            # A score of zero is a sum of nothing; any other, where nothing is said, cannot be taken apart.
            if not said and each.scores(np.array([author]))[0, item]:
                return ()
            for name, share in said:
                shares[name] = shares.get(name, 0.0) + factor * share
        return tuple(sorted(shares.items(), key=lambda each: -abs(each[1])))
