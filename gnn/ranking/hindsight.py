"""What tracers learn from: models that were new at earlier moments, each beside what is likely and what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Protocol

import numpy as np
import numpy.typing as npt

from gnn.ranking.ablations import kept
from gnn.ranking.methods import blocks
from gnn.ranking.newcomers import AnyTask
from gnn.ranking.past import moment_of
from gnn.ranking.sampling import beside
from gnn.ranking.task import earlier
from gnn.ranking.trees import Marks, proposed
from graph.types import FloatArray, IntArray

#: Moments, the days between them, and the days of new models after each; new models of a moment; how many others are
#: drawn beside what stands high.
_MOMENTS, _STEP, _AHEAD, _ASKED, _OTHERS = 6, 30.0, 60.0, 1_500, 200


class Known(Protocol):
    """What is known of the pairs of one task."""

    def of(self, children: IntArray) -> FloatArray:
        """(children, candidates, numbers)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Numbers(Generic[AnyTask]):
    """Which numbers a kind of task puts its pairs in, by `names`; some are `of_candidates` alone.

    `known`: what gives them. A candidate stands high where it is among the `depth` first by one of those that
    `propose`.
    """

    names: tuple[str, ...]
    of_candidates: frozenset[str]
    known: Callable[[AnyTask], Known]
    propose: tuple[str, ...]
    depth: int

    def likely(self, numbers: FloatArray, allowed: Marks) -> Marks:
        """(new models, candidates): marks what stands high by the numbers (new models, candidates, n), of what may be
        the answer."""
        by = [numbers[:, :, self.names.index(name)] for name in self.propose]
        return proposed(by, self.depth) & allowed

    def kept(self, without: Collection[str]) -> Marks:
        """(names,): which numbers stay without some of `ablations.PARTS`."""
        of_candidates = np.array([name in self.of_candidates for name in self.names])
        return np.where(of_candidates, kept(self.names, without), kept(self.names, without, of_pairs=True))


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """New models from the days `start` to `end` since 1970: `children` (new models,), rows of the graph of the past.

    Of each pair with a candidate: `asked` (pairs,), its place in `children`, ascending; `candidates` (pairs,), rows of
    the graph; `numbers` (pairs, names) in half precision; `true`, whether it is an answer; `stands_for`, the
    logarithm of how many candidates it stands for, more than 0 where it was drawn from all that do not stand high.
    """

    start: float
    end: float
    children: IntArray
    asked: IntArray
    candidates: IntArray
    numbers: npt.NDArray[np.float16]
    true: npt.NDArray[np.bool_]
    stands_for: FloatArray


@lru_cache(maxsize=1)
def moments(task: AnyTask, numbers: Numbers[AnyTask]) -> Sequence[Moment]:
    """Of what was before the cut of a task, the latest first; the same for every tracer that asks. May be empty."""
    random = np.random.default_rng(0)
    found = []
    for then, end in earlier(task.past, _MOMENTS, _STEP, _AHEAD):
        asked = task.ask(task.past.data, then, moment_of(end))
        answered = np.unique(asked.right(asked.children)[0])
        if len(answered):
            found.append(_moment(asked, numbers, asked.children[answered], end, random))
    return found


@lru_cache(maxsize=1)
def known_of(task: AnyTask, numbers: Numbers[AnyTask]) -> Known:
    """What is known of the pairs of `task`, made once for networks and trees."""
    return numbers.known(task)


def _moment(
    task: AnyTask, numbers: Numbers[AnyTask], children: IntArray, end: float, random: np.random.Generator
) -> Moment:
    known = numbers.known(task)
    children = children[np.sort(random.permutation(len(children))[:_ASKED])]
    parts = []
    for part in blocks(np.arange(len(children))):
        values, allowed = known.of(children[part]), task.allowed(children[part])
        true = np.zeros(allowed.shape, bool)
        true[tuple(task.right(children[part]))] = True
        row, column, stands_for = beside(numbers.likely(values, allowed) | true, allowed, _OTHERS, random)
        parts.append((part[row], column, values[row, column].astype(np.float16), true[row, column], stands_for))
    asked, column, chosen, right, stands_for = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Moment(task.past.cut, end, children, asked, task.candidates[column], chosen, right, stands_for)
