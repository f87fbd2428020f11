"""Places nodes with a trained network: from its weights and a graph to the `Run` that is published.

The network is inductive: it places models that it was never trained on, by their texts and facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import overload

import numpy as np
import torch

from gnn.messages import MessageGraphs, Messages
from gnn.network import Network, Output
from gnn.tasks import TERMS, Events
from gnn.training import Trained
from graph.errors import BadInput
from graph.export import days
from graph.types import FloatArray, IntArray, Neighbour, NodeVectors, Run, Subgraph

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
    events = Events(data)
    vectors = {}
    for label, (start, size) in messages.span.items():
        rows = np.setdiff1d(np.arange(size), placed[label][0]) if placed and label in placed else np.arange(size)
        counts = events.counts(moment)[rows] if label == "Model" else np.zeros((len(rows), 0), np.float32)
        vectors[label] = NodeVectors(
            keys=tuple(data.nodes[label][row] for row in rows),
            embedding=hidden[start + rows],
            projected=projected[start + rows],
            neighbours=_Neighbours(kept, start + rows, messages, names),
            attention=_Attention(kept, start + rows, attention),
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


class _Neighbours(Sequence[tuple[Neighbour, ...]]):
    """The kept neighbours of some nodes, made when they are asked for: all at once would take gigabytes."""

    def __init__(self, kept: _Strongest, nodes: IntArray, messages: Messages, names: Sequence[tuple[str, str]]) -> None:
        self._kept, self._nodes, self._names = kept, nodes, names
        self._relations = [relation for _, relation, _ in messages.relations]

    def __len__(self) -> int:
        return len(self._nodes)

    @overload
    def __getitem__(self, i: int) -> tuple[Neighbour, ...]: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[tuple[Neighbour, ...]]: ...
    def __getitem__(self, i: int | slice) -> tuple[Neighbour, ...] | Sequence[tuple[Neighbour, ...]]:
        if isinstance(i, slice):
            return [self[each] for each in range(*i.indices(len(self)))]
        edges = self._kept.of(self._nodes[i])
        kinds, sources = self._kept.kind[edges].tolist(), self._kept.sources[edges].tolist()
        return tuple((self._relations[kind], *self._names[source]) for kind, source in zip(kinds, sources, strict=True))


class _Attention(Sequence[FloatArray]):
    """The attention of some nodes over their kept neighbours, (neighbours, heads) each."""

    def __init__(self, kept: _Strongest, nodes: IntArray, attention: FloatArray) -> None:
        self._kept, self._nodes, self._attention = kept, nodes, attention

    def __len__(self) -> int:
        return len(self._nodes)

    @overload
    def __getitem__(self, i: int) -> FloatArray: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[FloatArray]: ...
    def __getitem__(self, i: int | slice) -> FloatArray | Sequence[FloatArray]:
        if isinstance(i, slice):
            return [self[each] for each in range(*i.indices(len(self)))]
        return self._attention[self._kept.of(self._nodes[i])]
