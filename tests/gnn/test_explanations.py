"""What is named behind a score, and what the whole network makes of a graph without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
import torch

from gnn.explanations.computation import Computation, Whole
from gnn.explanations.fidelity import judge, name_all, overlap
from gnn.explanations.leaving import leaving
from gnn.explanations.naming import NAMINGS, Pair, at_random
from gnn.explanations.soundness import sound, soundness
from gnn.messages import MessageGraphs
from gnn.placing import place
from gnn.training import Trained, Trainer, TrainingSettings
from graph.drafts import Facts
from graph.score import score_pair
from graph.sides import RunSides
from graph.types import ScoreWeights, Step, Subgraph

TAGS = ("Model", "HAS_TAG", "Tag")
A, B = "author0/child-17", "org0/base-0-2"


def untrained(data: Subgraph, method: str = "gat") -> Trained:
    """A network as it is before it learns; quick, and as good where only sums count."""
    settings = TrainingSettings(method=method, size=16, heads=4)
    weights = ScoreWeights(8.0, {"built_on": 0.3}, 0.5)
    now = datetime(2024, 1, 1, tzinfo=timezone.utc)
    about = {"size": 16, "heads": 4, "dropout": 0.3, "seed": 0}
    state = Trainer(data, settings).state()
    return Trained(f"{method}-test", method, now, {"model": weights, "author": weights}, about, {}, state)


def few_tags(data: Subgraph, without: tuple[int, ...] = ()) -> Subgraph:
    """With so few models to a tag that each tag hears all of them, but for the links `without`."""
    models, tags = data.edges[TAGS]
    kept = np.flatnonzero((models < 80) & ~np.isin(models, without))
    edges = {**data.edges, TAGS: np.stack([models[kept], tags[kept]])}
    return replace(data, edges=edges, edge_times={**data.edge_times, TAGS: data.edge_times[TAGS][kept]})


def only_tags_count(trained: Trained, data: Subgraph) -> Trained:
    """The network, but each model hears nothing but its tags in the last round: this is why its scores are what they
    are."""
    row = MessageGraphs(data).relations.index(("Tag", "HAS_TAG", "Model"))
    relation = trained.state["network.last.relation"].clone()
    relation[row] = 6.0
    return replace(trained, state={**trained.state, "network.last.relation": relation})


def pair_of(trained: Trained, data: Subgraph, a: str = A, b: str = B, number: int = 0) -> Pair:
    run = place(trained, data)
    sides = RunSides(run)
    degrees = {("Tag", key): 30 for key in data.nodes["Tag"]}
    query, item, weights = sides.of(a), sides.of(b), run.weights["model"]
    last = score_pair(query, item, run.terms, weights) - 0.5
    return Pair(query, item, Facts(degrees, 10_000), run.terms, weights, threshold=last, number=number)


@pytest.mark.parametrize("method", ["gat", "gcn"])
def test_the_part_that_is_cut_out_gives_the_score_of_the_whole(data: Subgraph, method: str) -> None:
    trained = untrained(data, method)
    pair = pair_of(trained, data)
    found = Computation(trained, Whole(data), (A, B)).scores()
    assert found[0] == pytest.approx(score_pair(pair.query, pair.item, pair.terms, pair.weights), abs=1e-4)


@pytest.mark.parametrize("method", ["gat", "gcn"])
def test_a_link_that_is_taken_away_is_gone_from_both_rounds_and_both_ways(data: Subgraph, method: str) -> None:
    graph = few_tags(data)
    trained = untrained(graph, method)
    row = graph.nodes["Model"].index(B)
    tag = graph.nodes["Tag"][int(graph.edges[TAGS][1][graph.edges[TAGS][0] == row][0])]
    step = Step(("Model", B), "HAS_TAG", ("Tag", tag))
    computation = Computation(trained, Whole(graph), (A, B))
    assert step in computation.links[1]
    without = computation.scores([step])
    really = Computation(trained, Whole(few_tags(data, (row,))), (A, B)).scores()
    assert without[0] == pytest.approx(really[0], abs=1e-5)
    assert without[0] != pytest.approx(computation.scores()[0], abs=1e-3)


@pytest.mark.parametrize("method", ["gat", "gcn"])
def test_a_masked_message_is_as_good_as_none(data: Subgraph, method: str) -> None:
    computation = Computation(untrained(data, method), Whole(data), (A, B))
    messages = computation.messages()
    step = next(iter(computation.links[1]))
    kept = torch.ones(messages.graph.num_edges())
    kept[[edge for heard in computation.links for each, edge in heard.items() if each == step]] = 1e-12
    hidden = computation.network(computation.features, messages, kept).hidden[computation.roots]
    full, masked = computation.scores()[0], float(computation.scored(hidden)[0])
    assert masked != pytest.approx(full, abs=1e-4)


def test_what_a_score_comes_from_is_named_and_matters(data: Subgraph) -> None:
    trained = only_tags_count(untrained(data), data)
    whole = Whole(data)
    pair = pair_of(trained, data)
    found = name_all(pair, Computation(trained, whole, (A, B)), 0)
    assert {step.relationship for step in found["reasons"].links[:2]} == {"HAS_TAG"}
    assert found["reasons"].dropped > 1.0
    assert abs(found["random"].dropped) < 0.1 * found["reasons"].dropped
    assert abs(found["reasons"].lost) < 0.1 * found["random"].lost
    assert found["effect"].dropped > 1.0
    assert {len(each.links) for each in found.values()} == {len(found["reasons"].links)}
    (ours, *_) = judge([pair], [found], {})
    assert ours.method == "reasons"
    assert not ours.against
    assert ours.times_random["dropped"] > 3
    assert all(("Model", B) in (step.start, step.end) for step in found["reasons"].links)


def test_random_links_are_of_the_same_kind_and_of_the_seed(data: Subgraph) -> None:
    trained = untrained(data)
    computation = Computation(trained, Whole(data), (A, B))
    pair = pair_of(trained, data)
    theirs = NAMINGS["reasons"](pair, computation, 6, 0)
    drawn = [at_random(pair, computation, 6, seed) for seed in range(8)]
    assert drawn == [at_random(pair, computation, 6, seed) for seed in range(8)]
    assert len({tuple(each) for each in drawn}) > 1
    for links in drawn:
        assert len({*links}) == len(theirs)
        for own, other in zip(theirs, links, strict=True):
            side = 0 if ("Model", A) in (own.start, own.end) else 1
            assert other in computation.links[side]
            others = [step for step in computation.links[side] if step not in theirs]
            assert other in others or len(others) < len(theirs)
            alike = [step for step in others if step.relationship == own.relationship]
            assert own.relationship == other.relationship or len(alike) < len(theirs)


def test_the_same_seed_names_the_same(data: Subgraph) -> None:
    trained = untrained(data)
    computation = Computation(trained, Whole(data), (A, B))
    pair = pair_of(trained, data)
    first, again = (name_all(pair, computation, 3) for _ in range(2))
    assert {name: each.links for name, each in first.items()} == {name: each.links for name, each in again.items()}
    assert first["random"].dropped == again["random"].dropped


def test_sums_are_held_against_the_whole_network(data: Subgraph) -> None:
    trained = untrained(data)
    pair = pair_of(trained, data)
    found = sound(pair, Computation(trained, Whole(data), (A, B)))
    assert found.gap < 1e-4
    assert found.links <= 6
    other = sound(pair, Computation(replace(trained, scores={"model": ScoreWeights(9.0)}), Whole(data), (A, B)))
    by_name = {each.name: each for each in soundness([found, other])}
    assert by_name["largest difference between sum and score"].met is False
    assert soundness([found])[0].met is True


def test_nothing_takes_a_model_out_of_a_list_in_which_it_is_alone(data: Subgraph) -> None:
    trained = untrained(data)
    assert leaving(trained, Whole(data), pair_of(trained, data), [], 10) is None


def test_overlap_is_the_mean_jaccard_index() -> None:
    a, b, c = (Step(("Model", "a"), "HAS_TAG", ("Tag", each)) for each in "xyz")
    assert overlap([(a, b), (b, c)]) == pytest.approx(1 / 3)
    assert overlap([(a,), (a,), (b,)]) == pytest.approx(1 / 3)
    assert overlap([(), ()]) == 1.0
