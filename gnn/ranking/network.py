"""The networks on the question what an author builds on next: messages, popularity in time, and features of pairs.

A score is `scale * cosine + item features @ w + pair features @ v`: every part is a sum, so that a score can be taken
apart. Items and authors have no vectors of their own, only what their texts and links say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import nn

from gnn.messages import MessageGraphs, Messages
from gnn.network import Network
from gnn.ranking.linear import EASE, ItemKNN
from gnn.ranking.methods import Method, Shares
from gnn.ranking.past import as_of, bare, moment_of, owner, part
from gnn.ranking.task import History, history
from graph.neighbours import places
from graph.types import FloatArray, IntArray, Subgraph

#: Days over which an item's builds are counted.
_WINDOWS = (7, 14, 30, 60, 90, 180)
ITEM_FEATURES = (
    "models built on it",
    *(f"models built on it in {days} days" for days in _WINDOWS),
    *(f"its share of what was built in {days} days" for days in _WINDOWS),
    "days since the last",
    "age",
)
PAIR_FEATURES = ("EASE", "EASE, decayed", "ItemKNN, decayed", "bases of the same owner")
#: Of each author so many models are in the graph, the newest; beside all bases.
_OWN = 8


def item_features(past: History) -> FloatArray:
    """(items, ITEM_FEATURES): each with mean 0 and deviation 1 over the items, so that moments at which more or less
    was built are alike."""
    count = len(past.items)
    ever = np.bincount(past.item, minlength=count)
    recent = [np.bincount(past.item[past.ages <= days], minlength=count) for days in _WINDOWS]
    last = np.full(count, np.inf)
    np.minimum.at(last, past.item, past.ages)
    columns = [np.log1p(each) for each in (ever, *recent)]
    columns += [np.log(each / max(int(each.sum()), 1) + 1e-4) for each in recent]
    columns += [-np.log1p(last), -np.log1p(np.maximum(np.nan_to_num(past.cut - past.created, nan=1e3), 0.0))]
    matrix = np.stack(columns, axis=1)
    return np.asarray((matrix - matrix.mean(0)) / (matrix.std(0) + 1e-6), dtype=np.float32)


class PairFeatures:
    """Numbers of pairs of an author and an item as of a history, each in units of its deviation."""

    def __init__(self, past: History) -> None:
        self._parts: list[Method] = [EASE(100.0), EASE(100.0, half_life=60), ItemKNN(half_life=60)]
        for each in self._parts:
            each.fit(past, 0)
        owners = {name: i for i, name in enumerate(dict.fromkeys(map(owner, past.items)))}
        self._owner = np.array([owners[owner(item)] for item in past.items])
        held = np.zeros((len(past.items), len(owners)), np.float32)
        held[np.arange(len(past.items)), self._owner] = 1
        self._of_owner = np.log1p(np.asarray(past.matrix() @ held))
        some = np.arange(len(past.authors))[:: max(1, len(past.authors) // 1_000)]
        self._units = np.array([float(each.std()) or 1.0 for each in self._raw(some)], dtype=np.float32)

    def of(self, authors: IntArray) -> FloatArray:
        """(authors, items, PAIR_FEATURES); -1: an author who has built on nothing."""
        known = authors >= 0
        made = np.zeros((len(authors), len(self._owner), len(PAIR_FEATURES)), np.float32)
        if known.any():
            made[known] = np.stack(self._raw(authors[known]), axis=2) / self._units
        return made

    def _raw(self, authors: IntArray) -> list[FloatArray]:
        return [*(each.scores(authors) for each in self._parts), self._of_owner[authors][:, self._owner]]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What was known at a moment, and what came true after it. `authors`, `items`: rows of the graph's nodes; `true`,
    `known`: (row of `authors`, column of `items`) pairs."""

    messages: Messages
    authors: torch.Tensor
    items: torch.Tensor
    item_features: torch.Tensor
    pair_features: torch.Tensor
    true: IntArray
    known: IntArray


class Scorer(nn.Module):
    """The score of pairs from the vectors of both ends and their features."""

    def __init__(self) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(2.3))
        self.item = nn.Parameter(torch.full((len(ITEM_FEATURES),), 0.05))
        self.pair = nn.Parameter(torch.full((len(PAIR_FEATURES),), 0.1))

    def forward(
        self, authors: torch.Tensor, items: torch.Tensor, item_features: torch.Tensor, pair_features: torch.Tensor
    ) -> torch.Tensor:
        """(authors, d), (items, d), (items, ·), (authors, items, ·) -> (authors, items)."""
        cosine = nn.functional.normalize(authors, dim=1) @ nn.functional.normalize(items, dim=1).T
        scores: torch.Tensor = self.log_scale.exp() * cosine + item_features @ self.item + pair_features @ self.pair
        return scores


@dataclass
class GraphNetwork:
    """Learns from `moments` before the cut, `step` days apart, what authors built on in the `ahead` days after each.

    `kind` none: the same without messages, each node knows itself only. Authors who have built on nothing yet are
    learned from too.
    """

    kind: Literal["gat", "gcn", "none"] = "gat"
    moments: int = 12
    step: float = 15.0
    ahead: float = 60.0
    size: int = 64
    heads: int = 4
    dropout: float = 0.3
    epochs: int = 18
    learning_rate: float = 4e-3
    weight_decay: float = 1e-2
    queries: int = 1_500
    with_items: bool = True
    with_pairs: bool = True
    seeded = True

    def fit(self, past: History, seed: int) -> None:
        torch.manual_seed(seed)
        random = np.random.default_rng(seed)
        data = _around(past)
        graphs = MessageGraphs(data)
        self._network = Network(
            "gcn" if self.kind == "gcn" else "gat",
            graphs.labels,
            graphs.relations,
            inputs=data.features["Model"].shape[1],
            size=self.size,
            heads=self.heads,
            dropout=self.dropout,
        )
        self._scorer = Scorer()
        self._features = {label: torch.from_numpy(data.features[label]) for label in graphs.labels}
        made = [
            self._moment(past, data, graphs, past.cut - self.ahead - self.step * n, random) for n in range(self.moments)
        ]
        self._train([each for each in made if each is not None], random)
        self._past, self._pairs = past, PairFeatures(past)
        self._at_cut(data, graphs.at(past.cut))

    def scores(self, authors: IntArray) -> FloatArray:
        pairs = torch.from_numpy(self._pairs.of(authors)) * self.with_pairs
        asked = self._hidden[self._author_rows[torch.from_numpy(np.ascontiguousarray(authors))]]
        with torch.no_grad():
            found = self._scorer(asked, self._hidden[self._item_rows], self._items, pairs)
        return np.asarray(found.numpy(), dtype=np.float32)

    def explain(self, author: int, item: int) -> Shares:
        """The network's cosine, and each feature, by name; they add up to the score."""
        with torch.no_grad():
            a, b = self._hidden[self._author_rows[author]], self._hidden[self._item_rows[item]]
            cosine = float(self._scorer.log_scale.exp() * nn.functional.cosine_similarity(a, b, dim=0))
            of_item = (self._items[item] * self._scorer.item).tolist()
            pair = torch.from_numpy(self._pairs.of(np.array([author]))[0, item])
            of_pair = (pair * self._scorer.pair * self.with_pairs).tolist()
        shares = [("what the network makes of both", cosine)]
        shares += zip(ITEM_FEATURES, of_item, strict=True)
        shares += zip(PAIR_FEATURES, of_pair, strict=True)
        return tuple(sorted(shares, key=lambda each: -abs(each[1])))

    def _at_cut(self, data: Subgraph, messages: Messages) -> None:
        past = self._past
        self._network.eval()
        with torch.no_grad():
            self._hidden = self._embed(messages)
        self._author_rows = _rows(data, messages, "Author", past.authors)
        self._item_rows = _rows(data, messages, "Model", past.items)
        self._items = torch.from_numpy(item_features(past)) * self.with_items

    def _embed(self, messages: Messages) -> torch.Tensor:
        features = {label: self._features[label] for label in messages.span}
        hidden: torch.Tensor = self._network(features, _alone(messages) if self.kind == "none" else messages).hidden
        return hidden

    def _moment(
        self, past: History, data: Subgraph, graphs: MessageGraphs, start: float, random: np.random.Generator
    ) -> _Moment | None:
        then = history(as_of(bare(past.data), moment_of(start)))
        authors, items, true = _came_true(past, then, start + self.ahead)
        if not true.shape[1]:
            return None
        if len(authors) > self.queries:
            kept = np.sort(random.permutation(len(authors))[: self.queries])
            number = np.full(len(authors), -1)
            number[kept] = np.arange(len(kept))
            true = np.stack([number[true[0]], true[1]])[:, number[true[0]] >= 0]
            authors = [authors[i] for i in kept.tolist()]
        index = {name: i for i, name in enumerate(then.authors)}
        of = np.array([index.get(name, -1) for name in authors], dtype=np.int64)
        matrix = then.matrix()
        known = [matrix[i].indices if i >= 0 else np.zeros(0, np.int64) for i in of.tolist()]
        rows = np.repeat(np.arange(len(known)), [len(each) for each in known])
        messages = graphs.at(start)
        return _Moment(
            messages,
            _rows(data, messages, "Author", authors),
            _rows(data, messages, "Model", items),
            torch.from_numpy(item_features(then)) * self.with_items,
            torch.from_numpy(PairFeatures(then).of(of)) * self.with_pairs,
            true,
            np.stack([rows, np.concatenate(known)]).astype(np.int64),
        )

    def _train(self, moments: list[_Moment], random: np.random.Generator) -> None:
        if not moments:
            raise ValueError("Nothing was built before the cut to learn from.")
        parameters = [*self._network.parameters(), *self._scorer.parameters()]
        optimiser = torch.optim.AdamW(parameters, lr=self.learning_rate, weight_decay=self.weight_decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, self.learning_rate, total_steps=self.epochs * len(moments)
        )
        self._network.train()
        for _ in range(self.epochs):
            for number in random.permutation(len(moments)):
                loss = self._loss(moments[number])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(parameters, 1.0)
                optimiser.step()
                schedule.step()

    def _loss(self, moment: _Moment) -> torch.Tensor:
        """Softmax cross-entropy of each true item among those that the author did not have and that were not true."""
        hidden = self._embed(moment.messages)
        logits = self._scorer(hidden[moment.authors], hidden[moment.items], moment.item_features, moment.pair_features)
        true = logits[moment.true[0], moment.true[1]]
        blocked = torch.zeros(logits.shape, dtype=torch.bool)
        blocked[moment.known[0], moment.known[1]] = True
        blocked[moment.true[0], moment.true[1]] = True
        rest = logits.masked_fill(blocked, -torch.inf).logsumexp(1)[moment.true[0]]
        loss: torch.Tensor = (torch.logaddexp(true, rest) - true).mean()
        return loss


def _came_true(past: History, then: History, until: float) -> tuple[list[str], tuple[str, ...], IntArray]:
    """Authors who were there at `then`, whether they had built on something or not, its items, and what the authors
    built on for the first time until `until`: (2, pairs)."""
    items = {name: i for i, name in enumerate(then.items)}
    there = set(then.data.nodes["Author"])
    inside = (past.day >= then.cut) & (past.day < until)
    found: dict[str, list[int]] = {}
    for author, item in zip(past.author[inside].tolist(), past.item[inside].tolist(), strict=True):
        name, base = past.authors[author], items.get(past.items[item], -1)
        if base >= 0 and name in there:
            found.setdefault(name, []).append(base)
    authors = sorted(found)
    pairs = [(row, base) for row, name in enumerate(authors) for base in found[name]]
    return authors, then.items, np.array(pairs, dtype=np.int64).reshape(-1, 2).T


def _around(past: History) -> Subgraph:
    """The bases, and of everybody who built on one the models by which they did so first, and their newest ones."""
    data = past.data
    index = {name: i for i, name in enumerate(data.nodes["Model"])}
    bases = np.array([index[item] for item in past.items], dtype=np.int64)
    asked = set(past.authors)
    builder = np.array([name in asked for name in data.nodes["Author"]], dtype=bool)
    model, author = data.edges["Model", "PUBLISHED_BY", "Author"]
    model, author = model[builder[author]], author[builder[author]]
    order = np.lexsort((-np.nan_to_num(data.times["Model"][model], nan=-np.inf), author))
    own = model[order][places(author[order]) < _OWN]
    author_of = np.full(len(data.nodes["Model"]), -1, dtype=np.int64)
    author_of[model] = author
    child, base = data.edges["Model", "BASED_ON", "Model"]
    child, base = child[author_of[child] >= 0], base[author_of[child] >= 0]
    order = np.lexsort((data.times["Model"][child], base, author_of[child]))
    pair = author_of[child[order]] * len(data.nodes["Model"]) + base[order]
    first = child[order][places(pair) == 0]
    return part(data, np.unique(np.concatenate([bases, own, first])))


def _rows(data: Subgraph, messages: Messages, label: str, names: list[str] | tuple[str, ...]) -> torch.Tensor:
    index: Mapping[str, int] = {name: i for i, name in enumerate(data.nodes[label])}
    start, _ = messages.span[label]
    return torch.tensor([start + index[name] for name in names], dtype=torch.int64)


def _alone(messages: Messages) -> Messages:
    """Each node hears itself only."""
    own = torch.tensor([relation == "SELF" for _, relation, _ in messages.relations])[messages.kind]
    graph = messages.graph.edge_subgraph(own, relabel_nodes=False)
    return Messages(graph, messages.kind[own], messages.age[own], messages.relations, messages.span)
