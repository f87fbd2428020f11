"""New models that are asked what they link to, by what is known of them but these links: what such tasks share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from gnn.messages import Triple
from gnn.ranking.past import owner
from gnn.ranking.task import History, Scores
from graph.types import FloatArray, IntArray, Subgraph

#: At most so many new models of an author are asked about, and so many in all, drawn at random.
MOST_OF_AN_AUTHOR, MOST = 5, 2_500

AnyTask = TypeVar("AnyTask", bound="NewModels")
AskedTask = TypeVar("AskedTask", bound="NewModels", contravariant=True)


class Tracer(Protocol[AskedTask]):
    """Learns from what was before the cut, then scores every candidate for some new models.

    `seeded`: whether another seed gives another outcome.
    """

    seeded: bool

    def fit(self, task: AskedTask, seed: int) -> None: ...

    def scores(self, children: IntArray) -> FloatArray:
        """(children, candidates) for rows of `task.whole`; higher is better."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class NewModels:
    """Questions about models that are younger than the cut (`children`, rows of `whole`): to which of the `candidates`
    (rows of `whole`'s nodes of the label at the end of `link`, ascending) do they link?

    A tracer may learn from `past` alone; of the children and the candidates it may read everything in `whole` but the
    children's own links and what came to the candidates after the cut.
    """

    past: History
    whole: Subgraph
    children: IntArray
    candidates: IntArray
    link: ClassVar[Triple]

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(self.whole.nodes[self.link[2]][row] for row in self.candidates.tolist())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.whole.nodes["Model"][row] for row in self.children.tolist())

    def ask(self: AnyTask, whole: Subgraph, past: History, until: datetime) -> AnyTask:
        """The same task as of another `past`: what methods learn from."""
        raise NotImplementedError

    def allowed(self, children: IntArray) -> npt.NDArray[np.bool_]:
        """(children, candidates): which may be the answer."""
        return np.ones((len(children), len(self.candidates)), bool)

    def right(self, children: IntArray) -> IntArray:
        """(2, answers): places in `children` and in `candidates` of the links that are asked for."""
        source, target = self.whole.edges[self.link]
        child, item = place(children, len(self.whole.times["Model"])), place(self.candidates, self._ends)
        pairs = np.stack([child[source], item[target]])
        return np.asarray(pairs[:, (pairs >= 0).all(axis=0)])

    @property
    def _ends(self) -> int:
        return len(self.whole.nodes[self.link[2]])

    def fit(self, method: Tracer[Any], seed: int) -> None:
        method.fit(self, seed)

    def scores(self, method: Tracer[Any], rows: slice) -> Scores:
        children = self.children[rows]
        scores = np.array(method.scores(children), dtype=np.float64)
        scores[~self.allowed(children)] = -np.inf
        return scores


def place(rows: IntArray, count: int) -> IntArray:
    """(count,): where each of so many rows stands in `rows`, or -1."""
    found = np.full(count, -1, dtype=np.int64)
    found[rows] = np.arange(len(rows))
    return found


def drawn(models: Sequence[str], seed: int) -> IntArray:
    """Places in `models` (ids) of those that are asked about, ascending."""
    counts: dict[str, int] = {}
    chosen: list[int] = []
    for i in np.random.default_rng(seed).permutation(len(models)).tolist():
        who = owner(models[i])
        counts[who] = counts.get(who, 0) + 1
        if counts[who] <= MOST_OF_AN_AUTHOR and len(chosen) < MOST:
            chosen.append(i)
    return np.sort(np.array(chosen, dtype=np.int64))


def only(truths: Sequence[tuple[str, ...]], asked: Sequence[bool]) -> tuple[tuple[str, ...], ...]:
    """`truths` of the queries that are `asked`, nothing of the others."""
    return tuple(truth if ask else () for truth, ask in zip(truths, asked, strict=True))
