"""The networks: a graph attention network and a graph convolutional network over one message graph.

GAT: Velickovic et al., Graph Attention Networks (ICLR 2018). GCN: Kipf and Welling, Semi-Supervised Classification with
Graph Convolutional Networks (ICLR 2017). Both over typed nodes and relations, with one softmax over all neighbours of
a node, and a last layer that is linear in its neighbours, so that a score decomposes exactly.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

os.environ.setdefault("DGLBACKEND", "pytorch")

import dgl.function as fn
import torch
from dgl.nn.functional import edge_softmax
from torch import nn

from gnn.messages import Messages, Triple


@dataclass(frozen=True, slots=True)
class Output:
    """`hidden` (nodes, d): sum over neighbours of `attention` (edges, heads) * `projected` (nodes, d)."""

    hidden: torch.Tensor
    projected: torch.Tensor
    attention: torch.Tensor


class TypedLinear(nn.Module):
    """One linear map per node label."""

    def __init__(self, labels: Sequence[str], inputs: int, outputs: int) -> None:
        super().__init__()
        self.maps = nn.ModuleDict({label: nn.Linear(inputs, outputs) for label in labels})

    def forward(self, values: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """Values (nodes of the label, inputs) of every label -> (nodes, outputs), label by label."""
        return torch.cat([self.maps[label](each) for label, each in values.items()])


class Layer(nn.Module):
    """One round of messages. With `attentive`, GAT weights; without, the symmetric normalisation of GCN."""

    def __init__(
        self, labels: Sequence[str], relations: Sequence[Triple], size: int, heads: int, attentive: bool
    ) -> None:
        super().__init__()
        self.heads = heads
        self.attentive = attentive
        self.project = TypedLinear(labels, size, size)
        self.kinds = {triple: i for i, triple in enumerate(relations)}
        if attentive:
            width = size // heads
            self.sender = nn.Parameter(torch.randn(heads, width) * width**-0.5)
            self.receiver = nn.Parameter(torch.randn(heads, width) * width**-0.5)
            self.relation = nn.Parameter(torch.zeros(len(relations), heads))
            self.by_age = nn.Parameter(torch.zeros(len(relations), heads))

    def send(self, values: torch.Tensor, messages: Messages) -> torch.Tensor:
        """What each node sends, (nodes, d)."""
        # Split and not cut out one by one: each cut's gradient would be as large as all nodes.
        parts = torch.split(values, [size for _, size in messages.span.values()])
        return self.project(dict(zip(messages.span, parts, strict=True)))  # type: ignore[no-any-return]

    def forward(self, values: torch.Tensor, messages: Messages, kept: torch.Tensor | None = None) -> Output:
        return self.receive(self.send(values, messages), messages, kept)

    def receive(self, projected: torch.Tensor, messages: Messages, kept: torch.Tensor | None = None) -> Output:
        """What each node makes of what its neighbours send; `kept` (edges,), above 0 to 1: how much of each message
        there is."""
        graph = messages.graph
        parted = projected.view(len(projected), self.heads, -1)
        if self.attentive:
            rows = [self.kinds[triple] for triple in messages.relations]
            relation, by_age = self.relation[rows], self.by_age[rows]
            with graph.local_scope():
                graph.ndata["s"] = (parted * self.sender).sum(-1)
                graph.ndata["r"] = (parted * self.receiver).sum(-1)
                graph.apply_edges(fn.u_add_v("s", "r", "e"))
                logits = nn.functional.leaky_relu(graph.edata["e"], 0.2)
            logits = logits + relation[messages.kind] + by_age[messages.kind] * messages.age[:, None]
            if kept is not None:
                logits = logits + kept.log()[:, None]
            attention = edge_softmax(graph, logits)
        else:
            sources, targets = graph.edges()
            out_degree, in_degree = messages.degrees or (graph.out_degrees(), graph.in_degrees())
            weight = (out_degree.clamp(min=1)[sources].float() * in_degree.clamp(min=1)[targets]).rsqrt()
            if kept is not None:
                weight = weight * kept
            attention = weight[:, None].expand(-1, self.heads)
        with graph.local_scope():
            graph.ndata["z"] = parted
            graph.edata["a"] = attention[:, :, None]
            graph.update_all(fn.u_mul_e("z", "a", "m"), fn.sum("m", "h"))
            hidden = graph.ndata["h"].reshape(len(projected), -1)
        return Output(hidden, projected, attention)


class Network(nn.Module):
    """Text vectors -> a round with a non-linearity -> a last round that is linear in its neighbours."""

    def __init__(
        self,
        method: str,
        labels: Sequence[str],
        relations: Sequence[Triple],
        *,
        inputs: int,
        size: int,
        heads: int,
        dropout: float,
    ) -> None:
        super().__init__()
        if method not in ("gat", "gcn"):
            raise ValueError(f"No network {method!r}; known are gat and gcn.")
        self.heads = heads if method == "gat" else 1
        self.read = TypedLinear(labels, inputs, size)
        self.first = Layer(labels, relations, size, self.heads, method == "gat")
        self.last = Layer(labels, relations, size, self.heads, method == "gat")
        self.norm_in, self.norm = nn.LayerNorm(size), nn.LayerNorm(size)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, features: Mapping[str, torch.Tensor], messages: Messages, kept: torch.Tensor | None = None
    ) -> Output:
        """`features`: float32 (nodes of the label, inputs) of every label in `messages.span`; `kept` as in
        `Layer.receive`, in both rounds."""
        return self.last.receive(self.send(features, messages, kept), messages, kept)

    def send(
        self, features: Mapping[str, torch.Tensor], messages: Messages, kept: torch.Tensor | None = None
    ) -> torch.Tensor:
        """What each node sends in the last round, (nodes, d)."""
        values = self.dropout(nn.functional.elu(self.norm_in(self.read(features))))
        values = self.norm(values + nn.functional.elu(self.first(self.dropout(values), messages, kept).hidden))
        return self.last.send(self.dropout(values), messages)


class PairScores(nn.Module):
    """`scale * cosine + text * closeness + terms @ log1p(counts)`, one set of weights per kind of query. Authors have
    no text of their own.

    The same arithmetic as `graph.score`, in torch, for training.
    """

    def __init__(self, terms: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.log_scale = nn.ParameterDict({kind: nn.Parameter(torch.tensor(2.3)) for kind in terms})
        self.weights = nn.ParameterDict(
            {kind: nn.Parameter(torch.full((len(names),), 0.1)) for kind, names in terms.items()}
        )

        self.text = nn.ParameterDict({kind: nn.Parameter(torch.tensor(1.0)) for kind in terms if kind != "author"})

    def forward(
        self, kind: str, queries: torch.Tensor, items: torch.Tensor, counts: torch.Tensor, closeness: torch.Tensor
    ) -> torch.Tensor:
        """(queries, d), (items, d), (items, terms), (queries, items) -> (queries, items)."""
        cosine = nn.functional.normalize(queries, dim=1) @ nn.functional.normalize(items, dim=1).T
        scores: torch.Tensor = self.log_scale[kind].exp() * cosine + torch.log1p(counts) @ self.weights[kind]
        if kind in self.text:
            scores = scores + self.text[kind] * closeness
        return scores
