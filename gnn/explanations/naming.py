"""Ways to name the links behind the score of a pair, best first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import dgl
import numpy as np
import torch
from dgl.nn.pytorch.explain import GNNExplainer
from torch import nn

from gnn.explanations.computation import Computation
from gnn.messages import Messages
from graph.counterfactual import Parted
from graph.drafts import Facts, Node, link_step
from graph.reasons import first
from graph.score import Side
from graph.types import Reason, ScoreWeights, Step


@dataclass(frozen=True, slots=True)
class Pair:
    """A model `query`, and `item`, which is recommended for it.

    `known`: about their facts. `threshold`: the score below which the item would leave the list. `number`: its place
    in the sample, so that what is drawn for it does not depend on the others.
    """

    query: Side
    item: Side
    known: Facts
    terms: tuple[str, ...]
    weights: ScoreWeights
    threshold: float
    number: int

    @property
    def ids(self) -> tuple[str, str]:
        return self.query.key, self.item.key


#: (pair, its computation, how many are asked for, seed) -> links of either model, best first; there may be more.
Naming = Callable[[Pair, Computation, int, int], Sequence[Step]]


def shown_first(pair: Pair) -> tuple[Reason, ...]:
    """The reasons that are shown first."""
    return first(pair.query, pair.item, terms=pair.terms, weights=pair.weights, known=pair.known)


def named(pair: Pair, reasons: Sequence[Reason]) -> tuple[Step, ...]:
    """The links of the item that reasons name, each once. The model that was asked about keeps its own: what both have
    is said no more where one of them has it not, and with other facts of that model it would be another question."""
    item = _node(pair, 1)
    steps = (step for reason in reasons for step in reason.path)
    return tuple(dict.fromkeys(step for step in steps if item in (step.start, step.end)))


def by_reasons(pair: Pair, computation: Computation, most: int, seed: int) -> Sequence[Step]:
    """Those that the reasons name which are shown first."""
    there = {step for heard in computation.links for step in heard}
    return tuple(step for step in named(pair, shown_first(pair)) if step in there)[:most]


def by_effect(pair: Pair, computation: Computation, most: int, seed: int) -> Sequence[Step]:
    """Those first without which the last round would give the lowest score, each alone; what is sent in it stays, and
    the attention of each head is divided among what is left. From the same stored parts as the reasons."""
    sides = pair.query, pair.item
    places: tuple[dict[Step, int], dict[Step, int]] = ({}, {})
    without = []
    for side, place in zip(sides, places, strict=True):
        steps = [next(iter(link_step((side.label, side.key), fact)), None) for fact in side.facts]
        units = [-1 if step is None else place.setdefault(step, len(place)) for step in steps]
        # Without each link, and, last, without none.
        without.append(Parted(side, units, len(place)).without(np.eye(len(place) + 1, len(place), dtype=bool)))
    left = {
        step: float(without[0][places[0].get(step, -1)] @ without[1][places[1].get(step, -1)])
        for step in (*places[0], *places[1])
    }
    there = {step for heard in computation.links for step in heard}
    return sorted(there & left.keys(), key=lambda step: (left[step], step.start, step.relationship, step.end))


def by_overlap(pair: Pair, computation: Computation, most: int, seed: int) -> Sequence[Step]:
    """The neighbours both have, the rarest first; then the rarest that one of them has. Nothing of the network."""
    own = zip(pair.ids, computation.links, strict=True)
    of_query, of_item = ({_end(step, id): step for step in links} for id, links in own)
    degrees = pair.known.degrees

    def rarity(node: Node) -> tuple[int, Node]:
        return degrees.get(node, 0), node

    shared = [step for node in sorted({*of_query} & {*of_item}, key=rarity) for step in (of_query[node], of_item[node])]
    alone = [(*rarity(node), step) for own in (of_query, of_item) for node, step in own.items()]
    rest = [step for *_, step in sorted(alone, key=lambda each: each[:2]) if step not in shared]
    return tuple(dict.fromkeys([*shared, *rest]))


def at_random(pair: Pair, computation: Computation, most: int, seed: int) -> Sequence[Step]:
    """Of the kinds that the reasons name: for each of their links another of the same model by the same relationship;
    where there is none, another of the same model, and where they name all of these, one of them."""
    random = np.random.default_rng((seed, pair.number))
    theirs = by_reasons(pair, computation, most, seed)
    drawn: list[Step] = []
    for link in theirs:
        side = 0 if _node(pair, 0) in (link.start, link.end) else 1
        kind = _kind(link, _node(pair, side))
        left = [step for step in computation.links[side] if step not in drawn]
        others = [step for step in left if step not in theirs]
        alike = [step for step in others if _kind(step, _node(pair, side)) == kind]
        chosen = alike or others or left
        if chosen:
            drawn.append(chosen[int(random.integers(len(chosen)))])
    return drawn


def by_gnn_explainer(pair: Pair, computation: Computation, most: int, seed: int) -> Sequence[Step]:
    """Ying et al., GNNExplainer: Generating Explanations for Graph Neural Networks (NeurIPS 2019), as DGL has it: a
    mask over every message of the pair's computation is learned so that the item stays in the list; named are the links
    of either model whose mask is largest."""
    messages = computation.messages()
    explainer = GNNExplainer(_InList(computation, messages, pair.threshold), num_hops=2, log=False)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1_000_003 * seed + pair.number)
        _, mask = explainer.explain_graph(messages.graph, torch.cat(list(computation.features.values())))
    weights: dict[Step, float] = {}
    for heard in computation.links:
        for step, edge in heard.items():
            weights[step] = max(weights.get(step, 0.0), float(mask[edge]))
    return sorted(weights, key=lambda step: -weights[step])


class _InList(nn.Module):
    """A pair as a graph to be classified: is the item in the list, (1, 2) logits of yes and no? Yes is its score, no
    the score of the last in the list. DGL's class explains labels of nodes and graphs, and knows no scores of pairs."""

    def __init__(self, computation: Computation, messages: Messages, threshold: float) -> None:
        super().__init__()
        self.computation, self.messages = computation, messages
        self.threshold = threshold

    def forward(self, graph: dgl.DGLGraph, feat: torch.Tensor, eweight: torch.Tensor | None = None) -> torch.Tensor:
        """`feat` (nodes, inputs), `eweight` (edges,) from 0 to 1."""
        computation = self.computation
        parts = torch.split(feat, [size for _, size in computation.span.values()])
        features = dict(zip(computation.span, parts, strict=True))
        hidden = computation.network(features, self.messages, eweight).hidden[computation.roots]
        score = computation.scored(hidden)
        return torch.stack([score, torch.full_like(score, self.threshold)], dim=1)


NAMINGS: Mapping[str, Naming] = {
    "reasons": by_reasons,
    "effect": by_effect,
    "gnn-explainer": by_gnn_explainer,
    "overlap": by_overlap,
    "random": at_random,
}


def _node(pair: Pair, side: int) -> Node:
    return ("Model", pair.ids[side])


def _end(step: Step, id: str) -> Node:
    """The other end of a link of the model `id`."""
    return step.end if step.start == ("Model", id) else step.start


def _kind(step: Step, owner: Node) -> tuple[str, bool]:
    """Its relationship, and whether it starts at the model that it is a link of."""
    return step.relationship, step.start == owner
