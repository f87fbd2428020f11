"""Networks without a part: each ranks, shares what was prepared, and misses an answer that is in the part alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from planted import planted
from told import CUT, FAMILIES, What, fashion, told_by

from gnn.messages import MessageGraphs
from gnn.ranking import network, tracing
from gnn.ranking.ablations import PARTS, RELATIONSHIPS, ablations, heard, kept
from gnn.ranking.contest import rank
from gnn.ranking.features import AUTHOR_FEATURES, ITEM_FEATURES, PAIR_FEATURES
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.network import GraphNetwork
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.task import History, built_next, history
from gnn.ranking.traces import TRACES
from gnn.ranking.tracing import TraceNetwork
from graph.types import FACT_LABELS

QUICK = ablations(partial(GraphNetwork, moments=2, step=20, epochs=1))
TRACING = ablations(partial(TraceNetwork, TRACES, epochs=1))
END = moment_of(600.0)


@pytest.fixture(scope="module")
def past() -> History:
    return history(as_of(planted(), moment_of(330.0)))


@pytest.fixture(scope="module")
def traced(past: History) -> Lineage:
    return lineage(planted(), past, END)


def test_there_is_one_for_each_part_and_each_relationship() -> None:
    assert set(RELATIONSHIPS) == {name.removeprefix("<") for _, name, _ in MessageGraphs(planted()).relations} - {
        "SELF"
    }
    assert {"BASED_ON", *(relationship for relationship, _ in FACT_LABELS.values())} < set(RELATIONSHIPS)
    assert list(QUICK) == ["gat without attention", *(f"gat without {part}" for part in PARTS)]
    with pytest.raises(ValueError, match="without 'speed'"):
        GraphNetwork(without=frozenset({"speed"}))
    with pytest.raises(ValueError, match="without 'speed'"):
        TraceNetwork(TRACES, without=frozenset({"speed"}))


@pytest.mark.parametrize("name", QUICK)
def test_a_network_without_a_part_ranks_and_explains(name: str, past: History) -> None:
    method = QUICK[name]()
    method.fit(past, 0)
    scores = method.scores(np.array([0, 3]))
    assert scores.shape == (2, len(past.items))
    assert np.isfinite(scores).all()
    shares = dict(method.explain(3, 5))
    assert sum(shares.values()) == pytest.approx(float(scores[1, 5]), abs=1e-4)
    stay = [*kept(ITEM_FEATURES, method.without), *kept(PAIR_FEATURES, method.without, of_pairs=True)]
    gone = [each for each, stays in zip((*ITEM_FEATURES, *PAIR_FEATURES), stay, strict=True) if not stays]
    assert not any(shares[each] for each in gone)
    assert bool(gone) == (name.split()[-1] in ("text", "time", "pairs"))


@pytest.mark.parametrize("name", TRACING)
def test_a_network_for_lineage_without_a_part_ranks(name: str, traced: Lineage) -> None:
    method = TRACING[name]()
    method.fit(traced, 0)
    scores = method.scores(traced.children[:20])
    assert scores.shape == (20, len(traced.candidates))
    assert np.isfinite(scores).all()


def test_all_share_what_was_prepared(past: History, traced: Lineage) -> None:
    for made, module in ((QUICK, network), (TRACING, tracing)):
        module.prepare.cache_clear()
        for name in ("gat without text", "gat without HAS_TAG", "gat without attention"):
            made[name]().fit(past if module is network else traced, 0)
        assert module.prepare.cache_info().misses == 1


@pytest.mark.parametrize("what", ["text", "time", "TRAINED_ON"])
def test_an_answer_that_one_part_tells_is_found_with_it_and_not_without(what: What) -> None:
    data = told_by(what)
    asked = built_next(data, history(as_of(data, moment_of(CUT))), moment_of(CUT + 10))
    make = partial(
        GraphNetwork,
        moments=6,
        step=30,
        ahead=10 if what == "time" else 60,
        epochs=15,
        dropout=0.1,
        learning_rate=1e-2,
        feature_rate=3e-2,
    )
    own = [int(name.removeprefix("author")) % FAMILIES for name in asked.names]
    found = {}
    for name, method in (("with", make()), ("without", make(without=frozenset({what})))):
        firsts = np.array(
            [int(ids[0].split("/")[0].removeprefix("maker")) for ids in rank(name, method, asked, 0).ranked]
        )
        right = np.isin(firsts, fashion()[-1]) if what == "time" else firsts % FAMILIES == own
        found[name] = right.mean()
    assert len(own) > 10
    assert found["with"] > 0.9
    assert found["without"] < 0.6


def test_texts_that_are_left_out_make_no_difference(past: History) -> None:
    others = {label: each[::-1].copy() for label, each in past.data.features.items()}
    changed = replace(past, data=replace(past.data, features=others))

    def scores(past: History, *without: str) -> np.ndarray:  # type: ignore[type-arg]
        method = GraphNetwork(moments=2, step=20, epochs=2, without=frozenset(without))
        method.fit(past, 0)
        return method.scores(np.arange(5))

    np.testing.assert_allclose(scores(past, "text"), scores(changed, "text"), atol=1e-5)
    assert np.abs(scores(past) - scores(changed)).max() > 0.1


def test_messages_are_left_out_in_both_directions() -> None:
    messages = MessageGraphs(planted()).at(330.0)
    names = np.array([name for _, name, _ in messages.relations])[messages.kind.numpy()]
    assert {"HAS_TAG", "<HAS_TAG", "BASED_ON", "<BASED_ON", "SELF"} < set(names.tolist())

    def left(*without: str) -> list[str]:
        found = heard(messages, frozenset(without))
        assert found.graph.num_nodes() == messages.graph.num_nodes()
        assert found.graph.num_edges() == len(found.kind) == len(found.age)
        return [found.relations[kind][1] for kind in found.kind.tolist()]

    assert left("HAS_TAG") == [name for name in names if name not in ("HAS_TAG", "<HAS_TAG")]
    assert set(left("messages")) == {"SELF"}
    assert left("text") == left("time") == names.tolist()
    assert messages.age.any()
    assert not heard(messages, {"time"}).age.any()
    assert torch.equal(heard(messages, {"text"}).age, messages.age)


def test_numbers_go_with_their_part() -> None:
    def stay(names: tuple[str, ...], part: str) -> list[str]:
        mask = kept(names, {part}, of_pairs=names is PAIR_FEATURES)
        return [name for name, stays in zip(names, mask, strict=True) if stays]

    assert stay(ITEM_FEATURES, "time") == ["authors who built on it", "bases it was made from"]
    assert stay(AUTHOR_FEATURES, "time") == ["bases", "models", "how much others built on their bases"]
    assert [name for name in PAIR_FEATURES if name not in stay(PAIR_FEATURES, "time")] == [
        "EASE, decayed",
        "ItemKNN, decayed",
        "place by EASE, decayed",
        "place by ItemKNN, decayed",
        "bases of the same owner, decayed",
    ]
    assert len(stay(PAIR_FEATURES, "text")) == len(PAIR_FEATURES) - 2
    assert stay(PAIR_FEATURES, "pairs") == []
    assert stay(ITEM_FEATURES, "pairs") == list(ITEM_FEATURES)
