"""Which reasons are shown first: those without whose facts the score would fall most (numpy only).

A contribution says how a score is made up. It does not say what the score would be without a fact, since the attention
is then divided among the other facts, and a cosine does not see how long a vector is. What the last layer would make of
the item without a fact follows from what is stored, as for counterfactuals; the model that was asked about keeps its
own facts, because with others it would be another question.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph.counterfactual import Parted
from graph.drafts import Draft
from graph.phrases import ALIKE
from graph.score import Float64Array, Side
from graph.types import Neighbour, ScoreWeights

#: What counts of the effect of facts that differ, and of names and descriptions that do: that both have something, or
#: that one is made from the other, is easier to follow, and comes first where the effects are about equal.
_DIFFERING, _TEXTS_DIFFERING = 0.8, 0.3

#: The least effect of a reason that is shown first, of the largest: few reasons that matter are better than three.
_LEAST = 0.25


def leading(query: Side, item: Side, drafts: Sequence[Draft], weights: ScoreWeights, n: int) -> list[int]:
    """Which of `drafts`, at most `n`: the first is that without which the score falls most, each further one that
    without which it falls most beside those before, as long as that is a quarter of the largest. None that speaks
    against the item, that everyone shares, or that says what another does; where all speak against it, the largest."""
    fitting = [i for i, draft in enumerate(drafts) if draft.contribution is not None and not draft.common]
    speaking = [i for i in fitting if (drafts[i].contribution or 0.0) > 0 and not _different(drafts[i])]
    chosen: list[int] = []
    said: set[str] = set()
    without = _Without(query, item, [drafts[i] for i in speaking], weights)
    falls = largest = 0.0
    while len(chosen) < n:
        left = [i for i in speaking if i not in chosen and not said & drafts[i].subjects]
        if not left:
            break
        alone = np.array([0.0 if any(drafts[i].named) else drafts[i].contribution for i in left])
        effects = without.falls([[*chosen, i] for i in left], drafts) - falls + alone
        best = int((effects * [_ease(drafts[i]) for i in left]).argmax())
        if chosen and effects[best] <= _LEAST * largest:
            break
        largest = max(largest, float(effects[best]))
        chosen.append(left[best])
        said |= drafts[left[best]].subjects
        falls += float(effects[best] - alone[best])
    return chosen or sorted(fitting, key=lambda i: -abs(drafts[i].contribution or 0.0))[:1]


def _different(draft: Draft) -> bool:
    """Whether it says that the texts of the two say different things, which is no reason for anything."""
    return draft.said.name == "closeness" and draft.said.about[0] < ALIKE


def _ease(draft: Draft) -> float:
    if draft.kind == "evidence":
        return 1.0
    return _TEXTS_DIFFERING if all(fact[0] == "SELF" for fact in draft.named[1]) else _DIFFERING


class _Without:
    """The network's part of a score without the facts that drafts name."""

    def __init__(self, query: Side, item: Side, drafts: Sequence[Draft], weights: ScoreWeights) -> None:
        self._scale = weights.scale
        self._ends = tuple(_End(side, [draft.named[at] for draft in drafts]) for at, side in enumerate((query, item)))
        self._whole = self._cosines([[]], drafts)

    def falls(self, sets: Sequence[Sequence[int]], drafts: Sequence[Draft]) -> Float64Array:
        """(sets,): by how much the score is lower without what each set of `drafts` names."""
        return np.asarray(self._scale * (self._whole - self._cosines(sets, drafts)))

    def _cosines(self, sets: Sequence[Sequence[int]], drafts: Sequence[Draft]) -> Float64Array:
        query, item = (
            end.without([[fact for i in chosen for fact in drafts[i].named[at]] for chosen in sets])
            for at, end in enumerate(self._ends)
        )
        return np.asarray((query * item).sum(1))


class _End:
    """One side, of which some facts can be left out."""

    def __init__(self, side: Side, named: Sequence[Sequence[Neighbour]]) -> None:
        self._units: dict[Neighbour, int] = {}
        for facts in named:
            for fact in facts:
                self._units.setdefault(fact, len(self._units))
        self._parted = Parted(side, [self._units.get(fact, -1) for fact in side.facts], len(self._units))
        self._whole = self._parted.without(np.zeros((1, len(self._units)), dtype=bool))

    def without(self, sets: Sequence[Sequence[Neighbour]]) -> Float64Array:
        """(sets, d): the unit embedding without each set of facts; (1, d) where none is ever left out."""
        if not self._units:
            return self._whole
        gone = np.zeros((len(sets), len(self._units)), dtype=bool)
        for row, facts in enumerate(sets):
            gone[row, [self._units[fact] for fact in facts]] = True
        return self._parted.without(gone)
