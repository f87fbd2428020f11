"""What the benchmark of an epoch compares: the same edges, and layers that learn."""

from __future__ import annotations

import pytest
import torch

from benchmarks.epoch import FLAT, OURS, RELATIONS, WAYS, by_relation, layers, learner
from gnn.training import Trainer, TrainingSettings
from graph.types import Subgraph


@pytest.fixture(scope="module")
def trainer(data: Subgraph) -> Trainer:
    return Trainer(data, TrainingSettings())


def test_a_heterograph_has_the_same_edges(trainer: Trainer, data: Subgraph) -> None:
    messages = trainer.moments[-1].messages
    hetero = by_relation(messages)
    assert {label: hetero.num_nodes(label) for label in hetero.ntypes} == {k: len(v) for k, v in data.nodes.items()}
    found = set()
    for triple in hetero.canonical_etypes:
        sources, targets = hetero.edges(etype=triple)
        first, last = messages.span[triple[0]][0], messages.span[triple[2]][0]
        found |= {(first + s, last + t, triple) for s, t in zip(sources.tolist(), targets.tolist(), strict=True)}
    sources, targets = (ends.tolist() for ends in messages.graph.edges())
    kinds = [messages.relations[kind] for kind in messages.kind.tolist()]
    assert found == set(zip(sources, targets, kinds, strict=True))


@pytest.mark.parametrize("way", WAYS)
def test_each_way_learns_and_leaves_the_others_alone(trainer: Trainer, way: str) -> None:
    before = trainer.state()
    one = learner(trainer, way)
    steps = one.optimiser()
    losses = [one.epoch(*steps) for _ in range(5)]
    assert losses[-1] < 0.95 * losses[0]
    messages = trainer.moments[-1].messages
    assert one.embed(messages).hidden.shape == trainer.embed(messages).hidden.shape
    layers(one)
    assert all(torch.equal(each, before[name]) for name, each in trainer.state().items())
    made = {name.split(".")[3] for name in one.state() if name.startswith("network.first.convolve.")}
    assert ("mods" in made) == (way == RELATIONS)
    assert ("attn_l" in made) == (way == FLAT)
    assert bool(made) == (way != OURS)
