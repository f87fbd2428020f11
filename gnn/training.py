"""Trains one network on windows of time: predict at a moment, from what was there before it, what came after."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from gnn.evaluate import candidates, judge, overall, popularity
from gnn.messages import MessageGraphs, Messages
from gnn.network import Network, PairScores
from gnn.record import Record
from gnn.tasks import DATASET_TERMS, TERMS, Events, Pairs, Window, split
from graph.errors import HfmrsError
from graph.types import ScoreWeights, Subgraph

#: Called with (epochs done, epochs in all, what to say).
Progress = Callable[[int, int, str], None]


class TrainingFailed(HfmrsError):
    """The network did not learn; nothing of it may be published."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a training depends on, beside its data."""

    method: str = "gat"
    size: int = 64
    heads: int = 4
    dropout: float = 0.3
    learning_rate: float = 4e-3
    weight_decay: float = 1e-2
    epochs: int = 24
    patience: int = 6
    windows: int = 10
    #: Models that were never built on and stand in the softmax as negatives, at most; drawn anew at every step.
    negatives: int = 4096
    seed: int = 0
    #: "cpu" or "cuda"; see `gnn.device`.
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Trained(Record):
    """A trained network; `gnn.placing` makes a run of it and a graph. `state`: all weights by name."""

    state: Mapping[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class _Truth:
    """The pairs of one kind in a window: `queries`, each once; of pair i the query stands in `row[i]` of them.

    `taken`: (row, item) of what a query's true item is not compared with: its true items and what it had before.
    """

    queries: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    taken: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

    @classmethod
    def of(cls, pairs: Pairs) -> _Truth:
        queries, row = np.unique(pairs.query, return_inverse=True)
        known = [pairs.known.get(query, np.zeros(0, np.int64)) for query in queries.tolist()]
        rows = np.concatenate([row, np.repeat(np.arange(len(queries)), [len(items) for items in known])])
        return cls(queries, row, (rows, np.concatenate([pairs.item, *known])))


class _Moment:
    """A window with its message graph and the candidates' counts, as tensors."""

    def __init__(self, window: Window, events: Events, graphs: MessageGraphs, device: torch.device) -> None:
        self.window = window
        self.messages = graphs.at(window.start, window.end).to(device)
        counts = events.counts(window.start)
        datasets = events.dataset_counts(window.start)
        self.counts = {kind: torch.from_numpy(counts).to(device) for kind in ("author", "model")}
        self.counts["dataset"] = torch.from_numpy(datasets).to(device)
        self.present = {kind: candidates(events, kind, window.start) for kind in ("author", "model", "dataset")}
        self.built = counts[:, 0] > 0
        self.truths = {kind: _Truth.of(pairs) for kind, pairs in window.pairs.items()}


class Trainer:
    """One network, its data and its optimiser."""

    def __init__(self, data: Subgraph, settings: TrainingSettings) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.device = torch.device(settings.device)
        self.events = Events(data)
        self.graphs = MessageGraphs(data)
        training, stop, held_out = split(self.events, settings.windows)
        self.moments = [self._moment(each) for each in training if any(map(len, each.pairs.values()))]
        if not self.moments:
            raise TrainingFailed(
                "No model in the graph names a base or a dataset that was there before it: there is nothing to learn.",
                "Load more models, or ones with base_model or dataset tags.",
            )
        self.stop, self.held_out = self._moment(stop), self._moment(held_out)
        labels = self.graphs.labels
        self.features = {label: torch.from_numpy(data.features[label]).to(self.device) for label in labels}
        self.units = {label: nn.functional.normalize(each, dim=1) for label, each in self.features.items()}
        width = data.features["Model"].shape[1]
        self.network = Network(
            settings.method,
            labels,
            self.graphs.relations,
            inputs=width,
            size=settings.size,
            heads=settings.heads,
            dropout=settings.dropout,
        ).to(self.device)
        self.pairs = PairScores({"author": TERMS, "model": TERMS, "dataset": DATASET_TERMS}).to(self.device)
        self.random = np.random.default_rng(settings.seed)

    def _moment(self, window: Window) -> _Moment:
        return _Moment(window, self.events, self.graphs, self.device)

    def embed(self, messages: Messages) -> Any:
        """The network's output for all nodes."""
        return self.network({label: self.features[label] for label in messages.span}, messages)

    def parts(self, hidden: torch.Tensor, messages: Messages, kind: str) -> tuple[torch.Tensor, torch.Tensor]:
        """Rows of the possible queries and of the possible items of one kind of query."""

        def rows(label: str) -> torch.Tensor:
            start, size = messages.span[label]
            return hidden[start : start + size]

        return rows("Author" if kind == "author" else "Model"), rows("Dataset" if kind == "dataset" else "Model")

    def closeness(
        self, kind: str, queries: npt.NDArray[np.int64], items: npt.NDArray[np.int64] | None = None
    ) -> torch.Tensor:
        """Cosines (queries, items) of text vectors; without `items`, of all."""
        item_units = self.units["Dataset" if kind == "dataset" else "Model"]
        chosen = item_units if items is None else item_units[items]
        return self.units["Author" if kind == "author" else "Model"][queries] @ chosen.T

    def loss(self, moment: _Moment) -> torch.Tensor | None:
        """Softmax cross-entropy of the true items among the candidates; every kind of query counts alike."""
        hidden = self.embed(moment.messages).hidden
        losses = []
        for kind, pairs in moment.window.pairs.items():
            if not len(pairs):
                continue
            pool, correction = self._pool(kind, moment, pairs.item)
            queries, items = self.parts(hidden, moment.messages, kind)
            truth = moment.truths[kind]
            near = self.closeness(kind, truth.queries, pool)
            logits = self.pairs(kind, queries[truth.queries], items[pool], moment.counts[kind][pool], near) + correction
            place = np.full(len(items), -1)
            place[pool] = np.arange(len(pool))
            rows, taken = truth.taken
            among = place[taken] >= 0
            blocked = torch.zeros(logits.shape, dtype=torch.bool, device=self.device)
            blocked[rows[among], place[taken[among]]] = True
            true = logits[truth.row, place[pairs.item]]
            rest = logits.masked_fill(blocked, -torch.inf).logsumexp(1)[truth.row]
            losses.append((torch.logaddexp(true, rest) - true).mean())
        return torch.stack(losses).mean() if losses else None

    def _pool(
        self, kind: str, moment: _Moment, items: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], torch.Tensor]:
        """Candidates in order, and the logarithm of how many candidates each stands for (sampled softmax)."""
        present = np.flatnonzero(moment.present[kind])
        if kind == "dataset" or len(present) <= self.settings.negatives:
            return present, torch.zeros(len(present), device=self.device)
        certain = np.union1d(np.flatnonzero(moment.built & moment.present[kind]), items)
        others = np.setdiff1d(present, certain)
        drawn = self.random.choice(others, min(self.settings.negatives, len(others)), replace=False)
        pool = np.sort(np.concatenate([certain, drawn]))
        weight = np.where(np.isin(pool, drawn), np.log(max(len(others), 1) / max(len(drawn), 1)), 0.0)
        return pool, torch.from_numpy(weight.astype(np.float32)).to(self.device)

    @torch.no_grad()
    def metrics(self, moment: _Moment) -> dict[str, dict[str, float]]:
        """How the network ranks the pairs of a window, see `gnn.evaluate.judge`."""
        self.network.eval()
        hidden = self.embed(moment.messages).hidden

        def score_all(kind: str, queries: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
            rows, items = self.parts(hidden, moment.messages, kind)
            near = self.closeness(kind, queries)
            found = self.pairs(kind, rows[queries], items, moment.counts[kind], near)
            return np.asarray(found.cpu().numpy(), dtype=np.float64)

        return judge(self.events, moment.window, score_all)

    def optimiser(self) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        """A new optimiser of all weights and its schedule, one step a moment and epoch."""
        settings = self.settings
        parameters = [*self.network.parameters(), *self.pairs.parameters()]
        optimiser = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=settings.weight_decay)
        steps = settings.epochs * len(self.moments)
        return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.learning_rate, total_steps=steps)

    def epoch(self, optimiser: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LRScheduler) -> float:
        """Learns from every moment once, in an order drawn anew. Returns the mean loss; it ends with one that is not a
        number."""
        self.network.train()
        losses: list[float] = []
        for position in self.random.permutation(len(self.moments)):
            loss = self.loss(self.moments[position])
            if loss is None:
                continue
            losses.append(loss.item())
            if not np.isfinite(losses[-1]):
                break
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*self.network.parameters(), *self.pairs.parameters()], 1.0)
            optimiser.step()
            schedule.step()
        return float(np.mean(losses))

    def fit(self, on_progress: Progress | None = None) -> list[dict[str, float]]:
        """Trains with early stopping on the stopping window and keeps the best weights. Returns the loss curve.

        Raises `TrainingFailed` on a loss that is not a number or does not fall.
        """
        settings = self.settings
        optimiser, schedule = self.optimiser()
        curve: list[dict[str, float]] = []
        best, best_state = -1.0, self.state()
        for epoch in range(settings.epochs):
            loss = self.epoch(optimiser, schedule)
            if not np.isfinite(loss):
                raise TrainingFailed(f"The loss became {loss} in epoch {epoch + 1}.", "Lower the learning rate.")
            mrr = overall(self.metrics(self.stop))
            curve.append({"epoch": epoch + 1, "loss": loss, "mrr": mrr})
            if on_progress:
                on_progress(
                    epoch + 1, settings.epochs, f"{settings.method} loss {curve[-1]['loss']:.3f}, MRR {mrr:.3f}"
                )
            if mrr > best:
                best, best_state = mrr, self.state()
            elif epoch + 1 - max(curve, key=lambda row: row["mrr"])["epoch"] >= settings.patience:
                break
        if len(curve) > 1 and curve[-1]["loss"] >= curve[0]["loss"]:
            raise TrainingFailed(
                f"The loss did not fall ({curve[0]['loss']:.3f} to {curve[-1]['loss']:.3f} in {len(curve)} epochs).",
                "Nothing was published; the run in service stays.",
            )
        self.network.load_state_dict({k[8:]: v for k, v in best_state.items() if k.startswith("network.")})
        self.pairs.load_state_dict({k[6:]: v for k, v in best_state.items() if k.startswith("pairs.")})
        return curve

    def state(self) -> dict[str, torch.Tensor]:
        """A copy of all weights, by name, in memory of the processor."""
        named = {f"network.{k}": v for k, v in self.network.state_dict().items()}
        named |= {f"pairs.{k}": v for k, v in self.pairs.state_dict().items()}
        return {name: value.detach().cpu().clone() for name, value in named.items()}


def train(data: Subgraph, settings: TrainingSettings, *, on_progress: Progress | None = None) -> Trained:
    """Trains a network on `data` and returns it with held-out metrics and baselines.

    Raises `TrainingFailed` where there is nothing to learn from, the loss is not a number or does not fall, or the
    network ranks the held-out pairs worse than popularity does.
    """
    started = time.perf_counter()
    try:
        trainer = Trainer(data, settings)
    except ValueError as error:
        raise TrainingFailed(str(error), "Load more models: hfmrs load FILE.") from error
    curve = trainer.fit(on_progress)
    start = trainer.held_out.window.start
    held_out = {settings.method: trainer.metrics(trainer.held_out)}
    for name, column in (("popularity", 0), ("popularity of 90 days", 1)):
        held_out[name] = judge(trainer.events, trainer.held_out.window, popularity(trainer.events, start, column))
    own, rival = overall(held_out[settings.method]), overall(held_out["popularity"])
    if own < rival:
        raise TrainingFailed(
            f"The {settings.method} ranks held-out links worse than popularity (MRR {own:.3f} against {rival:.3f}).",
            "Nothing was published; the run in service stays.",
        )
    metrics = {
        "held_out": held_out,
        "overall_mrr": {name: overall(table) for name, table in held_out.items()},
        "held_out_from_day": start,
        "curve": curve,
        "seconds": time.perf_counter() - started,
        "data": repr(data),
    }
    learned = [
        kind for kind in ("author", "model", "dataset") if any(len(m.window.pairs[kind]) for m in trainer.moments)
    ]
    created = datetime.now(timezone.utc)
    return Trained(
        id=f"{settings.method}-{created:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        method=settings.method,
        created_at=created,
        scores={kind: weights_of(trainer, kind, learned) for kind in ("model", "author")},
        settings={**asdict(settings), "learned": learned},
        metrics=metrics,
        state=trainer.state(),
    )


def weights_of(trainer: Trainer, kind: str, learned: Sequence[str]) -> ScoreWeights:
    """The learned weights of a kind of query; where nothing taught it, the scale of one that was taught, no terms."""
    source = kind if kind in learned else learned[0]
    scale = float(trainer.pairs.log_scale[source].detach().exp())
    names = TERMS if kind in learned else ()
    text = trainer.pairs.text
    return ScoreWeights(
        scale,
        dict(zip(names, trainer.pairs.weights[kind].detach().tolist(), strict=False)),
        float(text[kind].detach()) if kind in learned and kind in text else 0.0,
    )
