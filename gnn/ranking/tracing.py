"""The networks on the question what a new model links to, its base or its datasets: messages, and numbers of pairs.

A score is `scale * cosine + numbers @ w` and what a small network makes of the numbers, so that its reasons are not
exact. Nodes have no vectors of their own, only what their texts and links say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from gnn.messages import MessageGraphs, Messages
from gnn.network import Network
from gnn.ranking.ablations import check_parts, heard, texts
from gnn.ranking.hindsight import Moment, Numbers, known_of, moments
from gnn.ranking.methods import blocks
from gnn.ranking.network import learn
from gnn.ranking.newcomers import AnyTask, NewModels, place
from gnn.ranking.past import newest, part, texts_of_facts
from gnn.ranking.sampling import softmax_loss
from gnn.ranking.task import TooLittle
from gnn.ranking.trees import Marks
from graph.types import FloatArray, IntArray, Subgraph

#: In the graph stand so many of the newest models that link to a candidate, and of the newest models of an author.
_CHILDREN, _OWN = 8, 4
#: New models that are learned from in one step.
_BATCH = 750


class TraceScorer(nn.Module):
    """The score of pairs from the vectors of both ends and their numbers."""

    def __init__(self, numbers: int, hidden: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(2.3))
        self.weights = nn.Parameter(torch.full((numbers,), 0.1))
        self.more = nn.Sequential(nn.Linear(numbers, hidden), nn.ELU(), nn.Dropout(0.1), nn.Linear(hidden, 1))

    def forward(self, cosines: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        """(pairs,), (pairs, numbers) -> (pairs,)."""
        more: torch.Tensor = self.more(numbers).squeeze(-1)
        return self.log_scale.exp() * cosines + numbers @ self.weights + more


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A moment with its messages: `children` and `candidates` are nodes of them."""

    messages: Messages
    children: torch.Tensor
    candidates: torch.Tensor
    moment: Moment

    def to(self, device: torch.device) -> _Lesson:
        there = self.messages.to(device), self.children.to(device), self.candidates.to(device)
        return _Lesson(*there, self.moment)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A task for networks. `data`: the part of the whole graph through which messages go, and the places in it: `node`
    of each model of the whole, or -1, and `candidates` of the task's. `messages`: of the cut, with the new models that
    are asked about. `units` (names,): of the numbers."""

    data: Subgraph
    graphs: MessageGraphs
    lessons: Sequence[_Lesson]
    messages: Messages
    node: IntArray
    candidates: IntArray
    units: FloatArray


@dataclass
class TraceNetwork(Generic[AnyTask]):
    """Learns from the models that were new at earlier moments, over some `numbers` of pairs. `without`: what it has to
    do without, of `ablations.PARTS`; without messages each node knows itself only."""

    numbers: Numbers[AnyTask]
    kind: Literal["gat", "gcn"] = "gat"
    size: int = 64
    heads: int = 4
    hidden: int = 32
    dropout: float = 0.3
    epochs: int = 8
    learning_rate: float = 4e-3
    #: Of the weights of numbers: so few learn faster than the network, and before it.
    number_rate: float = 1e-2
    weight_decay: float = 1e-2
    without: frozenset[str] = frozenset()
    device: str = "cpu"
    seeded = True

    def __post_init__(self) -> None:
        check_parts(self.without)

    def fit(self, task: AnyTask, seed: int) -> None:
        torch.manual_seed(seed)
        made, self._on = prepare(task, self.numbers), torch.device(self.device)
        # In infinitely large units a number is zero.
        self._units = np.where(self.numbers.kept(self.without), made.units, np.float32(np.inf))
        self._network = Network(
            self.kind,
            made.graphs.labels,
            made.graphs.relations,
            inputs=made.data.features["Model"].shape[1],
            size=self.size,
            heads=self.heads,
            dropout=self.dropout,
        ).to(self._on)
        self._scorer = TraceScorer(len(self.numbers.names), self.hidden).to(self._on)
        self._features = texts(made.data, self.without, self._on)
        lessons = [each.to(self._on) for each in made.lessons]
        random = np.random.default_rng(seed)
        learn(
            (self._network, self._scorer),
            (self.learning_rate, self.number_rate),
            [(each, chosen) for each in lessons for chosen in _batches(len(each.children), random)],
            lambda batch: self._loss(*batch),
            epochs=self.epochs,
            weight_decay=self.weight_decay,
            random=random,
        )
        self._known, span = known_of(task, self.numbers), made.messages.span
        with torch.no_grad():
            self._vectors = nn.functional.normalize(self._embed(made.messages.to(self._on)), dim=1)
        self._models = made.node + span["Model"][0]
        self._candidates = self._vectors[self._tensor(made.candidates + span[task.link[2]][0])]

    def scores(self, children: IntArray) -> FloatArray:
        found = []
        for block in blocks(children):
            numbers = self._tensor(self._known.of(block) / self._units)
            with torch.no_grad():
                cosines = self._vectors[self._tensor(self._models[block])] @ self._candidates.T
                found.append(self._scorer(cosines, numbers).cpu().numpy())
        return np.concatenate(found)

    def _embed(self, messages: Messages) -> torch.Tensor:
        features = {label: self._features[label] for label in messages.span}
        hidden: torch.Tensor = self._network(features, heard(messages, self.without)).hidden
        return hidden

    def _loss(self, lesson: _Lesson, chosen: Marks) -> torch.Tensor:
        """That of the answers of the `chosen`."""
        moment = lesson.moment
        pairs = chosen[moment.asked]
        asked, stands_for, true = (self._tensor(each[pairs]) for each in (moment.asked, moment.stands_for, moment.true))
        vectors = nn.functional.normalize(self._embed(lesson.messages), dim=1)
        ends = vectors[lesson.children[asked]], vectors[lesson.candidates[self._tensor(pairs)]]
        numbers = self._tensor(moment.numbers[pairs].astype(np.float32) / self._units)
        logits = self._scorer((ends[0] * ends[1]).sum(1), numbers)
        return softmax_loss(logits, stands_for, asked, true, len(lesson.children))

    def _tensor(self, values: npt.NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(values).to(self._on)


@lru_cache(maxsize=1)
def prepare(task: AnyTask, numbers: Numbers[AnyTask]) -> _Prepared:
    """The same for every network that asks. Raises `TooLittle` where there are no earlier new models."""
    learned = moments(task, numbers)
    if not learned:
        raise TooLittle()
    row_of = {name: row for row, name in enumerate(task.whole.nodes["Model"])}
    # Rows of the past -> rows of the whole.
    rows = np.array([row_of[name] for name in task.past.data.nodes["Model"]], dtype=np.int64)
    models = _around(task, rows, learned)
    data = part(task.whole, models)
    if not data.features["Model"].shape[1]:  # the texts of models tell the answer
        data = replace(data, features={**data.features, "Model": texts_of_facts(data, task.past.data)})
    node, label = place(models, len(task.whole.times["Model"])), task.link[2]
    there = {name: row for row, name in enumerate(data.nodes[label])}
    item = np.array([there.get(name, -1) for name in task.past.data.nodes[label]], dtype=np.int64)
    candidates = np.array([there[name] for name in task.items], dtype=np.int64)
    graphs = MessageGraphs(data)
    lessons = [_lesson(graphs, node[rows], item, label, each) for each in learned]
    last = float(task.whole.times["Model"][task.children].max(initial=task.past.cut))
    messages = graphs.at(task.past.cut, np.nextafter(last, np.inf))
    values = np.concatenate([each.numbers for each in learned]).astype(np.float32)
    return _Prepared(data, graphs, lessons, messages, node, candidates, np.sqrt((values**2).mean(axis=0)) + 1e-6)


def _lesson(graphs: MessageGraphs, node: IntArray, item: IntArray, label: str, moment: Moment) -> _Lesson:
    """`node` of each model of the past, and `item` of each node of a candidate's `label`: its place in the message
    graph among those of its label."""
    messages = graphs.at(moment.start, moment.end)
    children = torch.from_numpy(node[moment.children] + messages.span["Model"][0])
    candidates = torch.from_numpy(item[moment.candidates] + messages.span[label][0])
    return _Lesson(messages, children, candidates, moment)


def _batches(count: int, random: np.random.Generator) -> Iterator[Marks]:
    """(count,) each: marks some of so many, each in one batch."""
    place = random.permutation(count)
    for start in range(0, count, _BATCH):
        yield (place >= start) & (place < start + _BATCH)


def _around(task: NewModels, rows: IntArray, learned: Sequence[Moment]) -> IntArray:
    """Rows of the models of the whole graph through which messages go: candidates, where they are models, and the
    newest that link to one, new models of the cut and of earlier moments, and the newest models of their authors."""
    born = task.whole.times["Model"]
    child, item = task.whole.edges[task.link]
    old = born[child] < task.past.cut
    linked = newest(child[old], item[old], born, _CHILDREN)
    asked = [rows[each.children] for each in learned]
    candidates = [task.candidates] if task.link[2] == "Model" else []
    found = np.unique(np.concatenate([*candidates, task.children, linked, *asked]))
    model, author = task.whole.edges["Model", "PUBLISHED_BY", "Author"]
    seen = np.zeros(len(task.whole.nodes["Author"]), bool)
    seen[author[place(found, len(born))[model] >= 0]] = True
    theirs = seen[author] & ~(born[model] >= task.past.cut)
    return np.union1d(found, newest(model[theirs], author[theirs], born, _OWN))
