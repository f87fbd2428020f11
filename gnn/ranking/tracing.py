"""The networks on the question which model a new one was made from: messages, and numbers of pairs.

A score is `scale * cosine + numbers @ w` and what a small network makes of the numbers, so that its reasons are not
exact. Nodes have no vectors of their own, only what their texts and links say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from gnn.messages import MessageGraphs, Messages
from gnn.network import Network
from gnn.ranking.ablations import check_parts, heard, kept, texts
from gnn.ranking.hindsight import Moment, moments
from gnn.ranking.lineage import Lineage
from gnn.ranking.methods import blocks
from gnn.ranking.network import learn
from gnn.ranking.newcomers import place
from gnn.ranking.past import newest, part
from gnn.ranking.sampling import softmax_loss
from gnn.ranking.task import TooLittle
from gnn.ranking.traces import CANDIDATE_FEATURES, NAMES, PAIR_FEATURES, traces_of
from gnn.ranking.trees import Marks
from graph.types import FloatArray, IntArray, Subgraph

#: In the graph stand so many of the newest children of a candidate, and of the newest models of an author.
_CHILDREN, _OWN = 8, 4
#: New models that are learned from in one step.
_BATCH = 750


class TraceScorer(nn.Module):
    """The score of pairs from the vectors of both ends and their numbers."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(2.3))
        self.weights = nn.Parameter(torch.full((len(NAMES),), 0.1))
        self.more = nn.Sequential(nn.Linear(len(NAMES), hidden), nn.ELU(), nn.Dropout(0.1), nn.Linear(hidden, 1))

    def forward(self, cosines: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        """(pairs,), (pairs, NAMES) -> (pairs,)."""
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
    """A task for networks. `data`: the part of the whole graph through which messages go, and `node`: the place in it
    of each model of the whole, or -1. `messages`: of the cut, with the new models that are asked about. `units`
    (traces.NAMES,): of the numbers."""

    data: Subgraph
    graphs: MessageGraphs
    lessons: Sequence[_Lesson]
    messages: Messages
    node: IntArray
    units: FloatArray


@dataclass
class TraceNetwork:
    """Learns from the models that were new at earlier moments. `without`: what it has to do without, of
    `ablations.PARTS`; without messages each node knows itself only."""

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

    def fit(self, task: Lineage, seed: int) -> None:
        torch.manual_seed(seed)
        made, self._on = prepare(task), torch.device(self.device)
        stay = kept(PAIR_FEATURES, self.without, of_pairs=True), kept(CANDIDATE_FEATURES, self.without)
        # In infinitely large units a number is zero.
        self._units = np.where(np.concatenate(stay), made.units, np.float32(np.inf))
        self._network = Network(
            self.kind,
            made.graphs.labels,
            made.graphs.relations,
            inputs=made.data.features["Model"].shape[1],
            size=self.size,
            heads=self.heads,
            dropout=self.dropout,
        ).to(self._on)
        self._scorer = TraceScorer(self.hidden).to(self._on)
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
        self._task, self._traces, self._node = task, traces_of(task), made.node
        with torch.no_grad():
            hidden = nn.functional.normalize(self._embed(made.messages.to(self._on)), dim=1)
        start, size = made.messages.span["Model"]
        self._vectors = hidden[start : start + size]

    def scores(self, children: IntArray) -> FloatArray:
        candidates = self._vectors[self._tensor(self._node[self._task.candidates])]
        found = []
        for block in blocks(children):
            numbers = self._tensor(self._traces.of(block) / self._units)
            with torch.no_grad():
                cosines = self._vectors[self._tensor(self._node[block])] @ candidates.T
                found.append(self._scorer(cosines, numbers).cpu().numpy())
        return np.concatenate(found)

    def _embed(self, messages: Messages) -> torch.Tensor:
        features = {label: self._features[label] for label in messages.span}
        hidden: torch.Tensor = self._network(features, heard(messages, self.without)).hidden
        return hidden

    def _loss(self, lesson: _Lesson, chosen: Marks) -> torch.Tensor:
        """That of the true bases of the `chosen`."""
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
def prepare(task: Lineage) -> _Prepared:
    """The same for every network that asks. Raises `TooLittle` where there are no earlier new models."""
    learned = moments(task.past)
    if not learned:
        raise TooLittle()
    row_of = {name: row for row, name in enumerate(task.whole.nodes["Model"])}
    # Rows of the past -> rows of the whole.
    rows = np.array([row_of[name] for name in task.past.data.nodes["Model"]], dtype=np.int64)
    models = _around(task, rows, learned)
    data = part(task.whole, models)
    node = place(models, len(task.whole.times["Model"]))
    graphs = MessageGraphs(data)
    lessons = [_lesson(graphs, node[rows], each) for each in learned]
    last = float(task.whole.times["Model"][task.children].max(initial=task.past.cut))
    messages = graphs.at(task.past.cut, np.nextafter(last, np.inf))
    numbers = np.concatenate([each.numbers for each in learned]).astype(np.float32)
    return _Prepared(data, graphs, lessons, messages, node, np.sqrt((numbers**2).mean(axis=0)) + 1e-6)


def _lesson(graphs: MessageGraphs, node: IntArray, moment: Moment) -> _Lesson:
    """`node`: of each model of the past its place in the message graph's models."""
    messages = graphs.at(moment.start, moment.end)
    start, _ = messages.span["Model"]
    children, candidates = (torch.from_numpy(node[each] + start) for each in (moment.children, moment.candidates))
    return _Lesson(messages, children, candidates, moment)


def _batches(count: int, random: np.random.Generator) -> Iterator[Marks]:
    """(count,) each: marks some of so many, each in one batch."""
    place = random.permutation(count)
    for start in range(0, count, _BATCH):
        yield (place >= start) & (place < start + _BATCH)


def _around(task: Lineage, rows: IntArray, learned: Sequence[Moment]) -> IntArray:
    """Rows of the whole graph through which messages go: candidates with their newest children, new models of the cut
    and of earlier moments, and the newest models of their authors."""
    born = task.whole.times["Model"]
    child, base = task.whole.edges[task.link]
    old = born[child] < task.past.cut
    made = newest(child[old], base[old], born, _CHILDREN)
    asked = [rows[each.children] for each in learned]
    found = np.unique(np.concatenate([task.candidates, task.children, made, *asked]))
    model, author = task.whole.edges["Model", "PUBLISHED_BY", "Author"]
    seen = np.zeros(len(task.whole.nodes["Author"]), bool)
    seen[author[place(found, len(born))[model] >= 0]] = True
    theirs = seen[author] & ~(born[model] >= task.past.cut)
    return np.union1d(found, newest(model[theirs], author[theirs], born, _OWN))
