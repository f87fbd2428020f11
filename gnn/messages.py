"""From a `Subgraph` to the DGL heterograph along which the networks pass messages, as it was at a moment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

os.environ.setdefault("DGLBACKEND", "pytorch")

import dgl
import torch

from graph.neighbours import places
from graph.types import FACT_LABELS, IntArray, Subgraph

Triple = tuple[str, str, str]
Days = npt.NDArray[np.float64]

#: Facts of a model that are not known of a model whose bases or datasets are to be predicted.
HIDDEN = ("BASED_ON", "TRAINED_ON")

#: How many neighbours a node listens to per relationship: the newest ones.
CAP = 24


@dataclass(frozen=True, slots=True)
class Messages:
    """A homogeneous view for the layers: nodes of all labels in one numbering.

    `graph`: DGL graph. `kind`: (edges,) index into `relations`. `age`: (edges,) log1p of days before the moment,
    scaled to about 0..1. `span[label]`: first node and number of nodes. `degrees`: (nodes,) out and in, where `graph`
    is a part of the one that they are to be counted in.
    """

    graph: dgl.DGLGraph
    kind: torch.Tensor
    age: torch.Tensor
    relations: tuple[Triple, ...]
    span: Mapping[str, tuple[int, int]]
    degrees: tuple[torch.Tensor, torch.Tensor] | None = None

    def to(self, device: torch.device) -> Messages:
        """The same on `device`."""
        return replace(self, graph=self.graph.to(device), kind=self.kind.to(device), age=self.age.to(device))


class MessageGraphs:
    """Makes the message graph of a subgraph at any moment: only what was there before it, newest neighbours first.

    Beside the stored relationships there is BUILDS_ON, from an author to the bases of their models. Names of
    relations are seen from the node that receives: (sender label, relation, receiver label), with "<" before a
    relationship that is stored the other way round.
    """

    def __init__(self, data: Subgraph, cap: int = CAP) -> None:
        self.data = data
        self.cap = cap
        self.labels = ("Model", *FACT_LABELS)
        self._times = np.nan_to_num(data.times["Model"], nan=-np.inf)
        self._edges: dict[Triple, tuple[IntArray, IntArray, Days]] = {}
        for (source, relationship, target), pair in data.edges.items():
            moment = np.nan_to_num(data.edge_times[source, relationship, target], nan=-np.inf)
            self._edges[target, relationship, source] = (pair[1], pair[0], moment)
            self._edges[source, f"<{relationship}", target] = (pair[0], pair[1], moment)
        authors, bases, moments = builds(data)
        self._edges["Model", "BUILDS_ON", "Author"] = (bases, authors, moments)
        self._edges["Author", "<BUILDS_ON", "Model"] = (authors, bases, moments)
        for label in self.labels:
            own = np.arange(len(data.nodes[label]), dtype=np.int64)
            self._edges[label, "SELF", label] = (own, own, np.full(len(own), -np.inf))

    def at(self, moment: float, until: float | None = None) -> Messages:
        """The messages as of `moment` (days). Models made between it and `until` listen, but not to `HIDDEN` facts."""
        kept: dict[Triple, tuple[IntArray, IntArray]] = {}
        ages: dict[Triple, Days] = {}
        newcomer = (self._times >= moment) & (self._times < (moment if until is None else until))
        for triple, (sources, targets, times) in self._edges.items():
            _, relation, receiver = triple
            mask = times < moment
            if receiver == "Model" and not relation.startswith("<") and relation not in HIDDEN:
                mask |= newcomer[targets]
            chosen = np.flatnonzero(mask)
            if relation != "SELF":
                chosen = _newest(chosen, targets, times, self.cap)
            kept[triple] = (sources[chosen], targets[chosen])
            since = moment - times[chosen]
            ages[triple] = np.where(np.isfinite(since), np.log1p(np.maximum(since, 0.0)) / 8.0, 1.0)
        sizes = {label: len(self.data.nodes[label]) for label in self.labels}
        hetero = dgl.heterograph(
            {triple: (torch.from_numpy(s), torch.from_numpy(t)) for triple, (s, t) in kept.items()},
            num_nodes_dict=sizes,
        )
        for triple in hetero.canonical_etypes:
            hetero.edges[triple].data["age"] = torch.from_numpy(ages[triple].astype(np.float32))
        flat = dgl.to_homogeneous(hetero, edata=["age"])
        kind, age = flat.edata[dgl.ETYPE].int(), flat.edata["age"]
        # Numbers of half the size, and nothing that says whence an edge came: many moments are held at once.
        sources, receivers = flat.edges()
        flat = graph_of(sources, receivers, flat.num_nodes())
        starts = np.cumsum([0, *(sizes[label] for label in hetero.ntypes)])
        span = {label: (int(starts[i]), sizes[label]) for i, label in enumerate(hetero.ntypes)}
        return Messages(flat, kind, age, tuple(hetero.canonical_etypes), span)

    @property
    def relations(self) -> tuple[Triple, ...]:
        return tuple(sorted(self._edges))


def graph_of(sources: torch.Tensor, targets: torch.Tensor, nodes: int) -> dgl.DGLGraph:
    """The graph of these messages, each from a source to a target (edges,)."""
    return dgl.graph((sources.int(), targets.int()), num_nodes=nodes)


def _newest(chosen: IntArray, targets: IntArray, times: Days, cap: int) -> IntArray:
    """Of the edges `chosen`, the newest `cap` of each target, in a fixed order."""
    order = np.lexsort((chosen, -times[chosen], targets[chosen]))
    ordered = chosen[order]
    return np.asarray(np.sort(ordered[places(targets[ordered]) < cap]), dtype=np.int64)


def builds(data: Subgraph) -> tuple[IntArray, IntArray, Days]:
    """(authors, bases, days): who first built on which model of somebody else, and when."""
    child, base = data.edges["Model", "BASED_ON", "Model"]
    author_of = np.full(len(data.nodes["Model"]), -1, dtype=np.int64)
    published = data.edges["Model", "PUBLISHED_BY", "Author"]
    author_of[published[0]] = published[1]
    authors = author_of[child]
    moments = np.nan_to_num(data.times["Model"][child], nan=-np.inf)
    foreign = (authors >= 0) & (authors != author_of[base])
    authors, base, moments = authors[foreign], base[foreign], moments[foreign]
    order = np.lexsort((moments, base, authors))
    authors, base, moments = authors[order], base[order], moments[order]
    first = np.r_[True, (authors[1:] != authors[:-1]) | (base[1:] != base[:-1])] if len(authors) else np.zeros(0, bool)
    return authors[first], base[first], moments[first]
