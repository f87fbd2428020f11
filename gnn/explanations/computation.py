"""What a trained network makes of some models when links are really gone: both of its layers are run again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import numpy as np
import torch

from gnn.messages import MessageGraphs, Messages, graph_of
from gnn.placing import moment_of, restored
from gnn.ranking.measures import Values
from gnn.tasks import TERMS, Events
from gnn.training import Trained
from graph.types import Step, Subgraph


class Whole:
    """The message graph of a published graph, and what of its models does not come from messages."""

    def __init__(self, data: Subgraph, as_of: datetime | None = None) -> None:
        self.data = data
        self.graphs = MessageGraphs(data)
        moment = moment_of(data, as_of)
        self.messages = self.graphs.at(moment)
        self.counts = Events(data).counts(moment)
        self.degrees = (self.messages.graph.out_degrees(), self.messages.graph.in_degrees())
        self._model = {key: row for row, key in enumerate(data.nodes["Model"])}
        self._starts = np.array([start for start, _ in self.messages.span.values()])
        self._labels = tuple(self.messages.span)

    def row(self, model: str) -> int:
        """Of a model among all. Raises `KeyError` where it is not in the graph."""
        return self._model[model]

    def node(self, number: int) -> tuple[str, str]:
        """Label and key of a node by its number among all."""
        label = self._labels[int(np.searchsorted(self._starts, number, side="right")) - 1]
        return label, self.data.nodes[label][number - self.messages.span[label][0]]


class Computation:
    """All that `models` (ids) hear of in two rounds, cut out of the whole, and what the network makes of it.

    Exact: every message that reaches them in two rounds is in it, and nothing else. `links` are those of the first
    `asked` of them, as steps from the node at which an edge starts; each is two messages at most, one either way.
    """

    def __init__(self, trained: Trained, whole: Whole, models: Sequence[str], asked: int = 2) -> None:
        self.network = restored(trained, whole.graphs).requires_grad_(False)
        self.weights = trained.scores["model"]
        self.terms = whole.counts[[whole.row(model) for model in models]]
        self.texts = whole.data.features["Model"][[whole.row(model) for model in models]]
        start = whole.messages.span["Model"][0]
        roots = torch.tensor([start + whole.row(model) for model in models], dtype=torch.int32)
        graph = whole.messages.graph
        near = torch.unique(graph.in_edges(roots)[0])  # with the roots: every node hears itself
        sources, targets, edges = (each.long() for each in graph.in_edges(near, form="all"))
        nodes = torch.unique(sources)
        self.sources, self.targets = torch.searchsorted(nodes, sources), torch.searchsorted(nodes, targets)
        self.kind, self.age = whole.messages.kind[edges], whole.messages.age[edges]
        self.relations = whole.messages.relations
        self.roots = torch.searchsorted(nodes, roots.long())
        self.span: dict[str, tuple[int, int]] = {}
        self.features: dict[str, torch.Tensor] = {}
        for label, (first, size) in whole.messages.span.items():
            low, high = (int(torch.searchsorted(nodes, edge)) for edge in (first, first + size))
            self.span[label] = (low, high - low)
            self.features[label] = torch.from_numpy(whole.data.features[label][nodes[low:high].numpy() - first])
        self._degrees = (whole.degrees[0][nodes].long(), whole.degrees[1][nodes].long())
        self._of_link: dict[Step, list[int]] = {}
        self._heard: list[dict[Step, int]] = [{} for _ in models[:asked]]
        self._name_links(whole, nodes.tolist(), self.roots[:asked].tolist())

    def _name_links(self, whole: Whole, nodes: Sequence[int], asked: Sequence[int]) -> None:
        ends = torch.tensor(asked)
        touching = (torch.isin(self.sources, ends) | torch.isin(self.targets, ends)).nonzero()[:, 0].tolist()
        for edge in touching:
            relation = self.relations[int(self.kind[edge])][1]
            if relation == "SELF":
                continue
            source, target = int(self.sources[edge]), int(self.targets[edge])
            sender, receiver = whole.node(nodes[source]), whole.node(nodes[target])
            back = relation.startswith("<")
            step = Step(sender, relation[1:], receiver) if back else Step(receiver, relation, sender)
            self._of_link.setdefault(step, []).append(edge)
            if target in asked:
                self._heard[asked.index(target)][step] = edge

    @property
    def links(self) -> tuple[Mapping[Step, int], ...]:
        """Of each model that is asked about the links it hears, with the message of each."""
        return tuple(self._heard)

    def messages(self, without: Collection[Step] = ()) -> Messages:
        """Those that are left without some links. Other neighbours do not move up where a node hears only the newest of
        very many."""
        gone = [edge for step in without for edge in self._of_link.get(step, ())]
        stays = torch.ones(len(self.sources), dtype=torch.bool)
        stays[gone] = False
        sources, targets = self.sources[stays].int(), self.targets[stays].int()
        graph = graph_of(sources, targets, len(self._degrees[0]))
        lost = [torch.bincount(ends[gone], minlength=len(self._degrees[0])) for ends in (self.sources, self.targets)]
        degrees = (self._degrees[0] - lost[0], self._degrees[1] - lost[1])
        return Messages(graph, self.kind[stays], self.age[stays], self.relations, self.span, degrees)

    @torch.no_grad()
    def scores(self, without: Collection[Step] = ()) -> Values:
        """(models - 1,) scores of the others for the first model, in a graph without some links. What was built on a
        model, and texts, stay as they are."""
        hidden = self.network(self.features, self.messages(without)).hidden[self.roots]
        return np.asarray(self.scored(hidden))

    def scored(self, hidden: torch.Tensor) -> torch.Tensor:
        """(models - 1,): scores by what the network makes of the models, (models, d); float64."""
        weights = self.weights
        texts = torch.from_numpy(self.texts.astype(np.float64))
        counts = torch.log1p(torch.from_numpy(self.terms[1:].astype(np.float64)))
        shares = counts @ torch.tensor([weights.terms.get(name, 0.0) for name in TERMS], dtype=torch.float64)
        return weights.scale * _cosines(hidden.double()) + weights.text * _cosines(texts) + shares


def _cosines(vectors: torch.Tensor) -> torch.Tensor:
    """(rows - 1,): of the first row with each other one; 0 where one has no length."""
    units = torch.nn.functional.normalize(vectors, dim=1)
    return units[1:] @ units[0]
