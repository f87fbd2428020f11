"""Lineage tracing: which model was a new one made from, by what is known of it but its bases?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

import numpy as np

from gnn.ranking.past import owner
from gnn.ranking.task import History, Scores
from graph.export import days
from graph.types import FloatArray, IntArray, Subgraph

#: At most so many new models of an author are asked about, and so many in all, drawn at random.
MOST_OF_AN_AUTHOR, MOST = 5, 2_500


class Tracer(Protocol):
    """Learns from what was before the cut, then scores every candidate for some new models."""

    seeded: bool

    def fit(self, task: Lineage, seed: int) -> None: ...

    def scores(self, children: IntArray) -> FloatArray:
        """(children, candidates) for rows of `task.whole`; higher is better."""
        ...


@dataclass(frozen=True, slots=True)
class Lineage:
    """Questions about models that are younger than the cut (`children`, rows of `whole`) and name one base (`bases`).

    `candidates`: rows of `whole`, every model that some model was made from; of a child those that are older than it.
    A tracer may learn from `past` alone; of the children and the candidates it may read everything in `whole` but their
    bases and what was made from them.
    """

    past: History
    whole: Subgraph
    children: IntArray
    bases: IntArray
    candidates: IntArray
    best_by: ClassVar[str] = "all mrr"
    shown: ClassVar[tuple[str, ...]] = ("all mrr", "all hits@10", "foreign mrr", "foreign hits@10")

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(self.whole.nodes["Model"][row] for row in self.candidates.tolist())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.whole.nodes["Model"][row] for row in self.children.tolist())

    def kinds(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """The base of each child, and the same where it is somebody else's."""
        bases = [self.whole.nodes["Model"][row] for row in self.bases.tolist()]
        foreign = [owner(base) != owner(child) for base, child in zip(bases, self.names, strict=True)]
        all_ = tuple((base,) for base in bases)
        return {"all": all_, "foreign": tuple((base,) if far else () for base, far in zip(bases, foreign, strict=True))}

    def fit(self, method: Tracer, seed: int) -> None:
        method.fit(self, seed)

    def scores(self, method: Tracer, rows: slice) -> Scores:
        children = self.children[rows]
        scores = np.array(method.scores(children), dtype=np.float64)
        born = self.whole.times["Model"]
        scores[~(born[self.candidates][None, :] < born[children][:, None])] = -np.inf
        return scores

    def about(self) -> Mapping[str, int]:
        born = self.whole.times["Model"]
        return {
            "new models": len(self.children),
            "candidates": len(self.candidates),
            "of them older than the cut": int((born[self.candidates] < self.past.cut).sum()),
        }


def lineage(whole: Subgraph, past: History, until: datetime, seed: int = 0) -> Lineage:
    """The questions that the `whole` graph answers about models from the cut until `until`."""
    child, base = whole.edges["Model", "BASED_ON", "Model"]
    born = whole.times["Model"]
    once = np.bincount(child, minlength=len(born))[child] == 1
    wanted = once & (born[child] >= past.cut) & (born[child] < days(until)) & (born[base] < born[child])
    child, base = child[wanted], base[wanted]
    random = np.random.default_rng(seed)
    order = random.permutation(len(child))
    counts: dict[str, int] = {}
    chosen: list[int] = []
    for i in order.tolist():
        who = owner(whole.nodes["Model"][child[i]])
        counts[who] = counts.get(who, 0) + 1
        if counts[who] <= MOST_OF_AN_AUTHOR and len(chosen) < MOST:
            chosen.append(i)
    picked = np.sort(np.array(chosen, dtype=np.int64))
    return Lineage(past, whole, child[picked], base[picked], np.unique(whole.edges["Model", "BASED_ON", "Model"][1]))
