"""One epoch of the graph attention network in service beside its layers as DGL has them: time and memory.

`by relation` is DGL's HeteroGraphConv with a GATConv for each relation, the nearest to ours of what is ready-made: it
tells relations apart, but takes a softmax over each of them where ours takes one over all. `one for all` is one GATConv
over the same edges, which knows neither relations nor ages nor kinds of nodes: less than ours does, and a floor. All
else is the same: graph, sizes, heads, what reads the texts, loss and optimiser.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from copy import copy, deepcopy
from pathlib import Path

import click
import dgl
import numpy as np
import torch
from dgl.nn import GATConv, HeteroGraphConv
from torch import nn

from benchmarks.options import alone, table, threads_option
from etl.sample import expand
from gnn.messages import Messages
from gnn.network import Output
from gnn.training import Trainer, TrainingSettings
from graph import embedded
from graph.database import connect
from graph.memory import measured, resident_mb
from hfmrs.build import build, learned_from
from hfmrs.loading import load_sample
from hfmrs.settings import load

OURS, RELATIONS, FLAT = "ours", "HeteroGraphConv of GATConv, by relation", "GATConv, one for all"
WAYS = (OURS, RELATIONS, FLAT)
SETTINGS = TrainingSettings()


class Ready(nn.Module):
    """A ready-made layer in the place of ours: it projects by itself, and sends nothing that is stored."""

    def __init__(self, convolve: nn.Module, graph_of: Callable[[Messages], dgl.DGLGraph] | None) -> None:
        super().__init__()
        self.convolve, self.graph_of = convolve, graph_of

    def forward(self, values: torch.Tensor, messages: Messages, kept: None = None) -> Output:
        return self.receive(values, messages)

    def send(self, values: torch.Tensor, messages: Messages) -> torch.Tensor:
        return values

    def receive(self, values: torch.Tensor, messages: Messages, kept: None = None) -> Output:
        if self.graph_of is None:
            hidden = self.convolve(messages.graph, values).flatten(1)
        else:
            sizes = {label: size for label, (_, size) in messages.span.items()}
            parts = dict(zip(sizes, torch.split(values, [*sizes.values()]), strict=True))
            found = self.convolve(self.graph_of(messages), parts)
            none = values.new_zeros(0, values.shape[1])  # of a label without nodes
            hidden = torch.cat([found[label].flatten(1) if label in found else none for label in sizes])
        return Output(hidden, values, values.new_zeros(0))


def by_relation(messages: Messages) -> dgl.DGLGraph:
    """The same edges as DGL's heterograph."""
    sources, targets = messages.graph.edges()
    edges = {}
    for number, triple in enumerate(messages.relations):
        own = messages.kind == number
        first = [messages.span[label][0] for label in (triple[0], triple[2])]
        edges[triple] = (sources[own] - first[0], targets[own] - first[1])
    return dgl.heterograph(edges, {label: size for label, (_, size) in messages.span.items()})


def learner(trainer: Trainer, way: str) -> Trainer:
    """`trainer` with weights of its own and the layers of `way`."""
    other = copy(trainer)
    other.network, other.pairs = deepcopy(trainer.network), deepcopy(trainer.pairs)
    size, heads = SETTINGS.size, SETTINGS.heads
    graphs = {id(each.messages): by_relation(each.messages) for each in trainer.moments if way == RELATIONS}
    for name in () if way == OURS else ("first", "last"):
        if way == FLAT:
            made = Ready(GATConv(size, size // heads, heads, allow_zero_in_degree=True), None)
        else:
            relations = {
                each: GATConv((size, size), size // heads, heads, allow_zero_in_degree=True)
                for each in trainer.graphs.relations
            }
            made = Ready(HeteroGraphConv(relations), lambda messages: graphs[id(messages)])
        other.network.register_module(name, made)
    return other


def layers(trainer: Trainer) -> None:
    """All moments through the network and back, without scores and loss."""
    for each in trainer.moments:
        trainer.network.zero_grad()
        trainer.embed(each.messages).hidden.sum().backward()


def times(home: Path, rounds: int) -> tuple[str, Mapping[str, Sequence[tuple[float, float]]]]:
    """What the graph is, and of each way the seconds of an epoch and of the layers alone, round by round."""
    trainer = _trainer(home)
    learners = {way: learner(trainer, way) for way in WAYS}
    steps = {way: each.optimiser() for way, each in learners.items()}
    found: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for number in range(rounds + 1):
        for way, each in learners.items():
            begun = time.perf_counter()
            each.epoch(*steps[way])
            half = time.perf_counter()
            layers(each)
            if number:  # the first is for what is made once
                found[way].append((half - begun, time.perf_counter() - half))
    last = trainer.moments[-1].messages.graph
    about = f"{len(trainer.moments)} moments, the last of {last.num_nodes():,} nodes and {last.num_edges():,} edges"
    return about, found


def memory(home: Path, way: str) -> tuple[float, float]:
    """The peak of an epoch in MB, and what was held before it: libraries, texts, links, and messages of all moments."""
    one = learner(_trainer(home), way)
    steps = one.optimiser()
    with measured() as peak_mb:
        before = resident_mb()
        one.epoch(*steps)
        return peak_mb(), before


def _trainer(home: Path) -> Trainer:
    settings = load(home)
    with connect(home) as db:
        return Trainer(learned_from(db, settings), SETTINGS)


@contextmanager
def _sample() -> Iterator[Path]:
    """A home with the bundled sample, embedded."""
    with tempfile.TemporaryDirectory(prefix="hfmrs-bench-") as folder:
        home = Path(folder)
        try:
            with connect(home) as db:
                db.prepare("keys")
                load_sample(db, expand(), lambda *told: None)
                build(db, load(home).model_copy(update={"transformer_limit": 0}), only="embed")
            yield home
        finally:
            embedded.stop(home)


@click.command("epoch")
@click.option(
    "--home",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A home with text vectors, of which so many models are taken as HFMRS_TRAIN_LIMIT says; else the sample.",
)
@click.option("--rounds", type=click.IntRange(1, SETTINGS.epochs - 1), default=5, help="Epochs of each, in turn.")
@threads_option
def main(home: Path | None, rounds: int, threads: int) -> None:
    """An epoch of the network in service beside its layers as DGL has them: seconds and memory."""
    with nullcontext(home) if home else _sample() as folder:
        about, seconds = alone(threads, times, folder, rounds)
        held = {way: alone(threads, memory, folder, way) for way in WAYS}
    taken = {way: np.array(each) for way, each in seconds.items()}
    rows = []
    for way in WAYS:
        ratios = np.median(taken[OURS] / taken[way], axis=0).tolist()
        whole, part = np.median(taken[way], axis=0).tolist()
        rows.append((way, whole, f"{ratios[0]:.2f}", part, f"{ratios[1]:.2f}", *held[way]))
    columns = ("", "epoch s", "ours to it", "layers s", "ours to it", "peak MB", "before MB")
    table(
        f"epoch: {about}",
        columns,
        rows,
        f"Medians of {rounds} rounds in which each has its turn; ratios are of the same round. Layers: forward and "
        "backward without scores, loss and step.",
        "Memory: of an epoch in a process of its own, and what that held before it.",
    )
