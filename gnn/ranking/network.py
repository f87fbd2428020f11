"""The networks on the question what an author builds on next: messages, popularity in time, and features of pairs.

A score is `scale * cosine + item features @ w + pair features @ v`, where w and v are linear in what the author is
like: every part is a sum, so that a score can be taken apart. Items and authors have no vectors of their own, only what
their texts and links say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import torch
from torch import nn

from gnn.messages import Messages
from gnn.network import Network
from gnn.ranking.ablations import check_parts, heard, kept, texts
from gnn.ranking.features import AUTHOR_FEATURES, ITEM_FEATURES, PAIR_FEATURES
from gnn.ranking.lessons import Lesson, prepare
from gnn.ranking.methods import Float64Array, Shares, named
from gnn.ranking.sampling import softmax_loss
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray

AnyBatch = TypeVar("AnyBatch")
#: The name of the network's own share of a score.
BOTH = "what the network makes of both"


class Scorer(nn.Module):
    """The score of pairs from the vectors of both ends and their features, whose weights depend on the author; none of
    the features `without` which it is."""

    def __init__(self, without: Collection[str] = ()) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(2.3))
        self.item = nn.Linear(len(AUTHOR_FEATURES), len(ITEM_FEATURES))
        self.pair = nn.Linear(len(AUTHOR_FEATURES), len(PAIR_FEATURES))
        for each, start in ((self.item, 0.05), (self.pair, 0.1)):
            nn.init.zeros_(each.weight)
            nn.init.constant_(each.bias, start)
        self.author_kept, self.item_kept, self.pair_kept = (
            nn.Buffer(torch.from_numpy(each).float())
            for each in (
                kept(AUTHOR_FEATURES, without),
                kept(ITEM_FEATURES, without),
                kept(PAIR_FEATURES, without, of_pairs=True),
            )
        )

    def forward(
        self,
        authors: torch.Tensor,
        items: torch.Tensor,
        author_features: torch.Tensor,
        item_features: torch.Tensor,
        pair_features: torch.Tensor,
    ) -> torch.Tensor:
        """(authors, d), (items, d), (authors, ·), (items, ·), (authors, items, ·) -> (authors, items)."""
        cosine = nn.functional.normalize(authors, dim=1) @ nn.functional.normalize(items, dim=1).T
        of_items, of_pairs = self.weights(author_features)
        scores: torch.Tensor = self.log_scale.exp() * cosine + of_items @ item_features.T
        return scores + torch.einsum("aif,af->ai", pair_features, of_pairs)

    def weights(self, author_features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(authors, ·) -> (authors, ·) of the features of items, and of pairs."""
        known = author_features * self.author_kept
        return self.item(known) * self.item_kept, self.pair(known) * self.pair_kept

    def of_pairs(self, hidden: torch.Tensor, lesson: Lesson) -> torch.Tensor:
        """(nodes, d) -> (pairs,): the same of the pairs of a lesson."""
        a, b = (nn.functional.normalize(hidden[each], dim=1) for each in (lesson.authors, lesson.items))
        of_items, of_pairs = self.weights(lesson.author_features)
        whole = self.log_scale.exp() * a @ b.T + of_items @ lesson.item_features.T
        own: torch.Tensor = (lesson.pair_features.float() * of_pairs[lesson.asked]).sum(1)
        scores: torch.Tensor = whole[lesson.asked, lesson.column] + own
        return scores


@dataclass
class GraphNetwork:
    """Learns from `moments` before the cut, `step` days apart, what authors built on in the `ahead` days after each.

    `without`: what it has to do without, of `ablations.PARTS`; without messages each node knows itself only. Learned
    from are also authors who had built on nothing yet.
    """

    kind: Literal["gat", "gcn"] = "gat"
    moments: int = 16
    step: float = 10.0
    ahead: float = 60.0
    size: int = 32
    heads: int = 4
    dropout: float = 0.5
    epochs: int = 12
    learning_rate: float = 2e-3
    #: Of the weights of features: so few learn faster than the network, and before it.
    feature_rate: float = 1e-2
    weight_decay: float = 1e-2
    without: frozenset[str] = frozenset()
    device: str = "cpu"
    seeded = True
    names = (BOTH, *ITEM_FEATURES, *PAIR_FEATURES)

    def __post_init__(self) -> None:
        check_parts(self.without)

    def fit(self, past: History, seed: int) -> None:
        torch.manual_seed(seed)
        made = prepare(past, self.moments, self.step, self.ahead)
        self._past, self._scaled, self._on = past, made.scaled, torch.device(self.device)
        self._network = Network(
            self.kind,
            made.graphs.labels,
            made.graphs.relations,
            inputs=made.data.features["Model"].shape[1],
            size=self.size,
            heads=self.heads,
            dropout=self.dropout,
        ).to(self._on)
        self._scorer = Scorer(self.without).to(self._on)
        self._features = texts(made.data, self.without, self._on)
        learn(
            (self._network, self._scorer),
            (self.learning_rate, self.feature_rate),
            [each.to(self._on) for each in made.lessons],
            self._loss,
            epochs=self.epochs,
            weight_decay=self.weight_decay,
            random=np.random.default_rng(seed),
        )
        self._features = texts(made.asked, self.without, self._on)
        with torch.no_grad():
            hidden = self._embed(made.messages.to(self._on))
        self._authors, self._items = (hidden[each.to(self._on)] for each in (made.authors, made.items))

    def scores(self, authors: IntArray) -> FloatArray:
        scaled, rows = self._scaled, self._past.author_rows[authors]
        known = (self._tensor(each) for each in (scaled.authors(rows), scaled.items, scaled.pairs(rows)))
        with torch.no_grad():
            found = self._scorer(self._authors[self._tensor(authors)], self._items, *known)
        return np.asarray(found.cpu().numpy(), dtype=np.float32)

    def explain(self, author: int, item: int) -> Shares:
        """The network's cosine, and each feature, by name; they add up to the score."""
        return named(self.names, self.shares(np.array([author]), np.array([[item]]))[0, 0])

    def shares(self, authors: IntArray, items: IntArray) -> Float64Array:
        scaled, rows = self._scaled, self._past.author_rows[authors]
        of_author = self._tensor(scaled.authors(rows))
        with torch.no_grad():
            a, b = self._authors[self._tensor(authors)][:, None], self._items[self._tensor(items)]
            cosine = self._scorer.log_scale.exp() * nn.functional.cosine_similarity(a, b, dim=2)
            of_items, of_pairs = (each[:, None] for each in self._scorer.weights(of_author))
            parts = (self._tensor(scaled.items[items]) * of_items, self._tensor(scaled.chosen(rows, items)) * of_pairs)
            found = torch.cat([cosine[:, :, None], *parts], dim=2)
        return np.asarray(found.cpu().numpy(), dtype=np.float64)

    def _tensor(self, values: IntArray | FloatArray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._on)

    def _embed(self, messages: Messages) -> torch.Tensor:
        features = {label: self._features[label] for label in messages.span}
        hidden: torch.Tensor = self._network(features, heard(messages, self.without)).hidden
        return hidden

    def _loss(self, lesson: Lesson) -> torch.Tensor:
        logits = self._scorer.of_pairs(self._embed(lesson.messages), lesson)
        return softmax_loss(logits, lesson.stands_for, lesson.asked, lesson.true, len(lesson.authors))


def learn(
    parts: Sequence[nn.Module],
    rates: Sequence[float],
    batches: Sequence[AnyBatch],
    loss_of: Callable[[AnyBatch], torch.Tensor],
    *,
    epochs: int,
    weight_decay: float,
    random: np.random.Generator,
) -> None:
    """Learns by AdamW what makes the loss of all `batches` small, each part at its highest rate of a one-cycle schedule
    (Smith and Topin, Super-convergence, 2017); leaves the parts as they are asked."""
    groups = [{"params": [*each.parameters()]} for each in parts]
    parameters = [parameter for group in groups for parameter in group["params"]]
    optimiser = torch.optim.AdamW(groups, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [*rates], total_steps=epochs * len(batches))
    for each in parts:
        each.train()
    for _ in range(epochs):
        for number in random.permutation(len(batches)):
            loss = loss_of(batches[number])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
    for each in parts:
        each.eval()
