"""Lineage tracing: which model was a new one made from, by what is known of it but its bases?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from gnn.messages import Triple
from gnn.ranking.newcomers import NewModels, drawn, only
from gnn.ranking.past import owner
from gnn.ranking.task import History
from graph.export import days
from graph.types import IntArray, Subgraph


@dataclass(frozen=True, slots=True, eq=False)
class Lineage(NewModels):
    """Questions about new models that name one base (`bases`, rows of `whole`).

    Candidates are all models that some model was made from; of a child those that are older than it.
    """

    bases: IntArray
    link: ClassVar[Triple] = ("Model", "BASED_ON", "Model")
    best_by: ClassVar[str] = "all mrr"
    shown: ClassVar[tuple[str, ...]] = ("all mrr", "all hits@10", "known mrr", "known hits@10", "foreign mrr")

    def kinds(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """The base of each child (all); where it is somebody else's (foreign); where something had been made from it
        before the cut (known), or nothing (fresh); where the child's author had no model then (new author). The last
        two are left out where there is none."""
        models, past = self.whole.nodes["Model"], self.past.data
        all_ = tuple((models[row],) for row in self.bases.tolist())
        foreign = [owner(base) != owner(child) for (base,), child in zip(all_, self.names, strict=True)]
        parents = {past.nodes["Model"][row] for row in np.unique(past.edges[self.link][1]).tolist()}
        authors = set(map(owner, past.nodes["Model"]))
        known_before = [base in parents for (base,) in all_]
        usual = {"all": all_, "known": only(all_, known_before), "foreign": only(all_, foreign)}
        rare = {
            "fresh": only(all_, [not before for before in known_before]),
            "new author": only(all_, [owner(child) not in authors for child in self.names]),
        }
        return usual | {kind: each for kind, each in rare.items() if any(each)}

    def ask(self, whole: Subgraph, past: History, until: datetime) -> Lineage:
        return lineage(whole, past, until)

    def allowed(self, children: IntArray) -> npt.NDArray[np.bool_]:
        born = self.whole.times["Model"]
        return np.asarray(born[self.candidates][None, :] < born[children][:, None])

    def about(self) -> Mapping[str, int]:
        born = self.whole.times["Model"]
        return {
            "new models": len(self.children),
            "candidates": len(self.candidates),
            "of them older than the cut": int((born[self.candidates] < self.past.cut).sum()),
        }


def lineage(whole: Subgraph, past: History, until: datetime, seed: int = 0) -> Lineage:
    """The questions that the `whole` graph answers about models from the cut until `until`."""
    child, base = whole.edges[Lineage.link]
    born = whole.times["Model"]
    once = np.bincount(child, minlength=len(born))[child] == 1
    wanted = once & (born[child] >= past.cut) & (born[child] < days(until)) & (born[base] < born[child])
    child, base = child[wanted], base[wanted]
    picked = drawn([whole.nodes["Model"][row] for row in child.tolist()], seed)
    return Lineage(past, whole, child[picked], np.unique(whole.edges[Lineage.link][1]), base[picked])
