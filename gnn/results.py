"""From a trained network to a `Run`: vectors, attention and weights of every node, ready to publish."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from gnn.messages import Messages
from gnn.tasks import TERMS
from graph.types import Neighbour, NodeVectors, Run, ScoreWeights

if TYPE_CHECKING:
    from gnn.training import Trainer

#: Neighbours kept per node, itself and then the strongest.
KEPT = 64


@torch.no_grad()
def as_run(trainer: Trainer, learned: Sequence[str], settings: Mapping[str, Any], metrics: Mapping[str, Any]) -> Run:
    """The run of a trained network over the whole subgraph, as of its newest model."""
    times = trainer.events.times
    as_of = float(np.nanmax(times)) + 1e-6
    messages = trainer.graphs.at(as_of)
    trainer.network.eval()
    output = trainer.embed(messages)
    hidden = output.hidden.numpy().astype(np.float32)
    projected = output.projected.numpy().astype(np.float32)
    attention = output.attention.numpy().astype(np.float32)
    nodes = trainer.events.data.nodes
    neighbours, weights = _neighbours(messages, attention, nodes)
    vectors = {}
    for label, (start, size) in messages.span.items():
        inside = slice(start, start + size)
        vectors[label] = NodeVectors(
            keys=nodes[label],
            embedding=hidden[inside],
            projected=projected[inside],
            neighbours=tuple(neighbours[inside]),
            attention=tuple(weights[inside]),
            counts=trainer.events.counts(as_of) if label == "Model" else np.zeros((size, 0), np.float32),
        )
    created = datetime.now(timezone.utc)
    return Run(
        id=f"{settings['method']}-{created:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        method=str(settings["method"]),
        created_at=created,
        as_of=datetime.fromtimestamp(as_of * 86_400.0, timezone.utc),
        heads=trainer.network.heads,
        terms=TERMS,
        weights={kind: weights_of(trainer, kind, learned) for kind in ("model", "author")},
        vectors=vectors,
        settings=settings,
        metrics=metrics,
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


def _neighbours(
    messages: Messages, attention: np.ndarray[Any, np.dtype[np.float32]], nodes: Mapping[str, tuple[str, ...]]
) -> tuple[list[tuple[Neighbour, ...]], list[np.ndarray[Any, np.dtype[np.float32]]]]:
    """Of every node its kept neighbours and their attention (neighbours, heads)."""
    sources, targets = (ends.numpy() for ends in messages.graph.edges())
    kind = messages.kind.numpy()
    selves = np.array([relation == "SELF" for _, relation, _ in messages.relations])
    order = np.lexsort((sources, -attention.mean(1), ~selves[kind], targets))
    bounds = np.searchsorted(targets[order], np.arange(messages.graph.num_nodes() + 1))
    names: list[tuple[str, str]] = [("", "")] * messages.graph.num_nodes()
    for label, (start, size) in messages.span.items():
        names[start : start + size] = [(label, key) for key in nodes[label]]
    relations = [relation for _, relation, _ in messages.relations]
    neighbours, weights = [], []
    for first, last in pairwise(bounds.tolist()):
        kept = order[first : min(last, first + KEPT)]
        neighbours.append(tuple((relations[kind[e]], *names[sources[e]]) for e in kept))
        weights.append(attention[kept])
    return neighbours, weights
