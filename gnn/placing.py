"""Places nodes with a trained network: from its weights and a graph to the `Run` that is published.

The network is inductive: it places models that it was never trained on, by their texts and facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeVar, overload

import numpy as np
import torch

from gnn.messages import MessageGraphs, Messages
from gnn.network import Network, Output
from gnn.tasks import TERMS, Events
from gnn.training import Trained
from graph.errors import BadInput
from graph.export import days
from graph.types import FloatArray, IntArray, Neighbour, NodeVectors, Run, Subgraph

_Each = TypeVar("_Each")

#: Neighbours kept per node, itself and then the strongest.
KEPT = 64

#: Of a label: rows of nodes that have their place already, and what they send, (rows, d).
Placed = Mapping[str, tuple[IntArray, FloatArray]]


def place(
    trained: Trained,
    data: Subgraph,
    *,
    id: str | None = None,
    as_of: datetime | None = None,
    placed: Placed | None = None,
) -> Run:
    """The run of a trained network over `data`, as of its newest model or of `as_of`, whichever is later.

    `id`: of the run, the network's own unless given. `placed`: nodes that keep what they send; they are no part of
    the run, and what the others hear from them is that, so that scores go on adding up. Raises `BadInput` where the
    weights are not of this network.
    """
    graphs = MessageGraphs(data)
    moment = moment_of(data, as_of)
    messages = graphs.at(moment)
    output = _forward(restored(trained, graphs), data, messages, placed or {})
    hidden, projected, attention = (part.numpy() for part in (output.hidden, output.projected, output.attention))
    kept = _strongest(messages, attention)
    names = [(label, key) for label in messages.span for key in data.nodes[label]]
    relations = [relation for _, relation, _ in messages.relations]
    incoming = np.array([relation.startswith("<") for relation in relations])

    def neighbours(node: int) -> tuple[Neighbour, ...]:
        edges = kept.of(node)
        found = zip(kept.kind[edges].tolist(), kept.sources[edges].tolist(), strict=True)
        return tuple((relations[kind], *names[source]) for kind, source in found)

    def sent(node: int) -> FloatArray:
        edges = kept.of(node)
        return np.asarray(projected[kept.sources[edges[incoming[kept.kind[edges]]]]])

    events = Events(data)
    vectors = {}
    for label, (start, size) in messages.span.items():
        rows = np.setdiff1d(np.arange(size), placed[label][0]) if placed and label in placed else np.arange(size)
        counts = events.counts(moment)[rows] if label == "Model" else np.zeros((len(rows), 0), np.float32)
        vectors[label] = NodeVectors(
            keys=tuple(data.nodes[label][row] for row in rows),
            embedding=hidden[start + rows],
            projected=projected[start + rows],
            neighbours=_Kept(start + rows, neighbours),
            attention=_Kept(start + rows, lambda node: attention[kept.of(node)]),
            incoming=_Kept(start + rows, sent),
            counts=counts,
            texts=data.features[label][rows] if placed else data.features[label],
        )
    return Run(
        id=id or trained.id,
        method=trained.method,
        created_at=trained.created_at,
        as_of=datetime.fromtimestamp(moment * 86_400.0, timezone.utc),
        heads=attention.shape[1],
        terms=TERMS,
        weights=trained.scores,
        vectors=vectors,
        settings=trained.settings,
        metrics=trained.metrics,
    )


def moment_of(data: Subgraph, as_of: datetime | None) -> float:
    """The day as of which `data` is placed: that of its newest model or `as_of`, whichever is later."""
    moment = float(np.nanmax(data.times["Model"])) + 1e-6
    return moment if as_of is None else max(moment, days(as_of))


def restored(trained: Trained, graphs: MessageGraphs) -> Network:
    """The network of these weights, ready to place. Raises `BadInput` where the weights are not of this network."""
    try:
        network = Network(
            trained.method,
            graphs.labels,
            graphs.relations,
            inputs=graphs.data.features["Model"].shape[1],
            size=int(trained.settings["size"]),
            heads=int(trained.settings["heads"]),
            dropout=float(trained.settings["dropout"]),
        )
        own = {name[8:]: value for name, value in trained.state.items() if name.startswith("network.")}
        network.load_state_dict(own)
    except (KeyError, RuntimeError) as error:
        raise BadInput(
            f"The weights of {trained.id} do not fit this version's network.", "Train anew: hfmrs build --only train"
        ) from error
    return network.eval()


@torch.no_grad()
def _forward(network: Network, data: Subgraph, messages: Messages, placed: Placed) -> Output:
    features = {label: torch.from_numpy(data.features[label]) for label in messages.span}
    sent = network.send(features, messages)
    for label, (rows, vectors) in placed.items():
        sent[messages.span[label][0] + torch.from_numpy(rows)] = torch.from_numpy(vectors)
    return network.last.receive(sent, messages)


@dataclass(frozen=True, slots=True)
class _Strongest:
    """Edges by receiver, its own first, then by attention; those of node i are `order[bounds[i]:bounds[i + 1]]`."""

    order: IntArray
    bounds: IntArray
    sources: IntArray
    kind: IntArray

    def of(self, node: int) -> IntArray:
        first, last = self.bounds[node], self.bounds[node + 1]
        return self.order[first : min(last, first + KEPT)]


def _strongest(messages: Messages, attention: FloatArray) -> _Strongest:
    sources, targets = (ends.numpy() for ends in messages.graph.edges())
    kind = messages.kind.numpy()
    others = np.array([relation != "SELF" for _, relation, _ in messages.relations])[kind]
    order = np.lexsort((sources, -attention.mean(1), others, targets))
    bounds = np.searchsorted(targets[order], np.arange(messages.graph.num_nodes() + 1))
    return _Strongest(order, bounds, sources, kind)


class _Kept(Sequence[_Each]):
    """Something of the kept neighbours of some nodes, made when it is asked for: all at once would take gigabytes."""

    def __init__(self, nodes: IntArray, of: Callable[[int], _Each]) -> None:
        self._nodes, self._of = nodes, of

    def __len__(self) -> int:
        return len(self._nodes)

    @overload
    def __getitem__(self, i: int) -> _Each: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[_Each]: ...
    def __getitem__(self, i: int | slice) -> _Each | Sequence[_Each]:
        if isinstance(i, slice):
            return [self[each] for each in range(*i.indices(len(self)))]
        return self._of(int(self._nodes[i]))
