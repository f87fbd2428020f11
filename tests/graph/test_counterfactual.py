"""Counterfactuals: what they drop takes the model out, nothing smaller does, and the arithmetic is the network's."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from test_reasons import HEADS, MISTRAL, NODES, TERMS, WIDTH, make_side, some_facts

from graph.counterfactual import Rivals, counterfactual
from graph.score import Side, score, score_pair
from graph.types import Neighbour, ScoreWeights

WEIGHTS = ScoreWeights(6.0, {"built_on": 0.1}, 0.5)
K = 3


def without(side: Side, dropped: set[tuple[str, str]]) -> Side:
    """The side as the last layer makes it without some neighbours, from all of the rest: worked out apart."""
    kept = [i for i, fact in enumerate(side.facts) if fact[0] == "SELF" or fact[1:] not in dropped]
    attention = side.attention[kept].astype(float)
    attention /= attention.sum(0)
    sent = side.projected[kept].astype(float).reshape(len(kept), HEADS, -1)
    embedding = (sent * attention[:, :, None]).sum(0).reshape(-1).astype(np.float32)
    return replace(side, embedding=embedding)


def leaves(query: Side, item: Side, rivals: list[Side], nodes: set[tuple[str, str]]) -> bool:
    """Whether the item is not among the first K without its links to `nodes`, and the query's to those of them that
    the item is linked to, or that are the item."""
    ends = {("Model", query.key), ("Model", item.key)}
    nodes = nodes | ends if nodes & ends else nodes  # one link, from whichever end
    shared = {fact[1:] for fact in item.facts} | ends
    asked, left = without(query, nodes & shared), without(item, nodes)
    own = score_pair(asked, left, TERMS, WEIGHTS)
    return sum(score_pair(asked, each, TERMS, WEIGHTS) > own for each in rivals) >= K


def many_rivals(n: int = 6, seed: int = 50) -> list[Side]:
    return [make_side(f"org/rival{i}", [NODES[i]], seed + i) for i in range(n)]


@settings(max_examples=150, deadline=None)
@given(some_facts, some_facts, st.integers(0, 2**31))
def test_what_is_dropped_takes_it_out_and_nothing_smaller_does(
    a: list[Neighbour], b: list[Neighbour], seed: int
) -> None:
    a = [fact for fact in a if fact[2] != "org/a"]  # no model is linked to itself
    b = [fact for fact in b if fact[2] != "org/b"]
    query, item, rivals = make_side("org/a", a, seed), make_side("org/b", b, seed + 1), many_rivals()
    found = counterfactual(query, item, Rivals.of(query, rivals), K, TERMS, WEIGHTS)
    nodes = {fact[1:] for fact in item.facts[1:]} | {("Model", "org/b")} & {fact[1:] for fact in query.facts}
    if found is None:
        out = leaves(query, item, rivals, set())
        assert out or not leaves(query, item, rivals, nodes)
        assert out or not any(leaves(query, item, rivals, set(each)) for n in (1, 2) for each in combinations(nodes, n))
        return
    dropped = {fact[1:] for fact in found.facts}
    assert leaves(query, item, rivals, dropped)
    assert {fact for fact in item.facts[1:] if fact[1:] in dropped} <= set(found.of_item)
    assert found.score < found.threshold
    parts = [each for n in range(len(dropped)) for each in combinations(sorted(dropped), n)]
    assert not any(leaves(query, item, rivals, set(each)) for each in parts)
    if len(dropped) == 2:
        assert not any(leaves(query, item, rivals, {each}) for each in nodes)


def test_a_fact_that_both_have_is_dropped_from_both() -> None:
    found = [
        (query, drop)
        for seed in range(40)
        if (query := make_side("org/a", [MISTRAL, NODES[0]], seed))
        and (drop := counterfactual(query, make_side("org/b", [MISTRAL], seed), *asked(query)))
    ]
    assert found
    assert all(drop.of_query == drop.of_item == (MISTRAL,) == drop.facts for _, drop in found)


def test_the_link_between_the_two_is_dropped_from_whichever_end_it_is_seen() -> None:
    link: Neighbour = ("BASED_ON", "Model", "org/b")
    made = (
        counterfactual(query, make_side("org/b", [], seed), *asked(query))
        for seed in range(40)
        if (query := make_side("org/a", [link, NODES[3]], seed))
    )
    found = [each for each in made if each]
    assert found
    assert all(each.of_query == (link,) == each.facts and not each.of_item for each in found)


def test_too_few_rivals_or_no_place_among_the_best_is_none() -> None:
    query, rivals = make_side("org/a", NODES[:4], 1), many_rivals()
    item = make_side("org/b", NODES[:4], 1, counts=(10**6, 10**6))
    weights = ScoreWeights(1.0, {"built_on": 9.0})
    assert counterfactual(query, item, Rivals.of(query, rivals[:2]), K, TERMS, weights) is None
    assert counterfactual(query, item, Rivals.of(query, rivals), K, TERMS, weights) is None  # nothing takes it out
    against = ScoreWeights(1.0, {"built_on": -9.0})
    assert counterfactual(query, item, Rivals.of(query, rivals), K, TERMS, against) is None  # it is not in


def test_a_larger_set_has_no_part_that_would_do() -> None:
    facts: list[Neighbour] = [("HAS_TAG", "Tag", f"t{i}") for i in range(64)]
    query, item = make_side("org/a", facts[:32], 1), make_side("org/b", facts, 1)
    embeddings = np.random.default_rng(3).normal(size=(40, WIDTH)).astype(np.float32)
    rivals = Rivals(embeddings, np.ones((40, 2), np.float32), np.zeros(40))
    found = counterfactual(query, item, rivals, 16, TERMS, WEIGHTS)
    assert found
    assert len(found.facts) == len(set(found.facts)) > 2
    dropped = {fact[1:] for fact in found.facts}
    for left, out in [(dropped, True), *((dropped - {one}, False) for one in dropped)]:
        mine = without(query, left).embedding
        own = score_pair(without(query, left), without(item, left), TERMS, WEIGHTS)
        others = score(mine, embeddings, rivals.counts, rivals.closeness, TERMS, WEIGHTS)
        assert (sum(others > own) >= 16) == out


def asked(query: Side) -> tuple[Rivals, int, list[str], ScoreWeights]:
    return Rivals.of(query, many_rivals()), K, list(TERMS), WEIGHTS
