"""What tracers learn from: models that were new at earlier moments, each beside what is likely and what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gnn.ranking import traces
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.methods import blocks
from gnn.ranking.past import moment_of
from gnn.ranking.sampling import beside
from gnn.ranking.task import History, earlier
from gnn.ranking.trees import Marks, proposed
from graph.types import FloatArray, IntArray

#: Moments, the days between them, and the days of new models after each; new models of a moment; how many stand high
#: by each of the numbers below, and how many others are drawn beside them.
_MOMENTS, _STEP, _AHEAD, _ASKED, _DEPTH, _OTHERS = 6, 30.0, 60.0, 1_500, 40, 200
_PROPOSED_BY = (
    "same owner",
    "made from it by the same author, decayed",
    "made by the author from its owner's",
    "letters of both names",
    "words of both names",
    "its words that are in the name",
    "the whole name in the other",
    "texts of both",
    "text and texts of its children",
    "facts and those of its children",
    "how likely facts are among its children",
    "models made from it in 30 days",
    "made from it: models with texts like this",
    "made from it: models with names like this",
    "made from it: models with facts like this",
)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """New models from the days `start` to `end` since 1970: `children` (new models,), rows of the graph of the past.

    Of each pair with a candidate: `asked` (pairs,), its place in `children`, ascending; `candidates` (pairs,), rows of
    the graph; `numbers` (pairs, traces.NAMES) in half precision; `true`, whether it is the answer; `stands_for`, the
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
def moments(past: History) -> Sequence[Moment]:
    """Of a history, the latest first; the same for every tracer that asks. May be empty."""
    random = np.random.default_rng(0)
    found = []
    for then, end in earlier(past, _MOMENTS, _STEP, _AHEAD):
        task = lineage(past.data, then, moment_of(end))
        if len(task.children):
            found.append(_moment(task, end, random))
    return found


def likely(numbers: FloatArray, allowed: Marks) -> Marks:
    """(new models, candidates): marks what stands high by one of a few of the numbers (new models, candidates, n), of
    what may be the answer."""
    return proposed(numbers, [traces.NAMES.index(name) for name in _PROPOSED_BY], _DEPTH) & allowed


def _moment(task: Lineage, end: float, random: np.random.Generator) -> Moment:
    made = traces.Traces(task)
    kept = np.sort(random.permutation(len(task.children))[:_ASKED])
    children, true = task.children[kept], np.searchsorted(task.candidates, task.bases[kept])
    parts = []
    for part in blocks(np.arange(len(children))):
        values, allowed = made.of(children[part]), task.allowed(children[part])
        high = likely(values, allowed)
        high[np.arange(len(part)), true[part]] = True
        row, column, stands_for = beside(high, allowed, _OTHERS, random)
        parts.append((part[row], column, values[row, column].astype(np.float16), stands_for))
    asked, column, numbers, stands_for = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Moment(
        task.past.cut,
        end,
        children,
        asked,
        task.candidates[column],
        numbers,
        column == true[asked],
        stands_for,
    )
