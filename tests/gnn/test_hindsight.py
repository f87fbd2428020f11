"""What tracers learn from: new models of earlier moments, beside what stands high and what is drawn."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from planted import planted

from gnn.ranking import hindsight, traces
from gnn.ranking.hindsight import Numbers
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.methods import OUTSIDE
from gnn.ranking.past import FACTS, as_of, moment_of, title
from gnn.ranking.task import history
from gnn.ranking.tracers import Names, Texts, Together
from graph.types import FACT_LABELS, FloatArray, IntArray

CUT = 330.0


@pytest.fixture(scope="module")
def asked() -> Lineage:
    data = planted()
    return lineage(data, history(as_of(data, moment_of(CUT))), datetime(2100, 1, 1, tzinfo=timezone.utc))


def numbers_of(asked: Lineage) -> dict[str, FloatArray]:
    found = traces.Traces(asked).of(asked.children)
    return dict(zip(traces.NAMES, np.moveaxis(found, 2, 0), strict=True))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Numbers[Lineage]:
    """Two stand high by each number and five others are drawn, of 24 candidates."""
    monkeypatch.setattr(hindsight, "_OTHERS", 5)
    return replace(traces.TRACES, depth=2)


def test_each_new_model_has_its_base_and_stands_before_all_candidates(asked: Lineage, few: Numbers[Lineage]) -> None:
    data = asked.past.data
    born, base_of = data.times["Model"], dict(data.edges["Model", "BASED_ON", "Model"].T.tolist())
    found = hindsight.moments(asked, few)
    assert [each.end for each in found] == [CUT - 30.0 * number for number in range(6)]
    drawn = 0
    for each in found:
        assert each.start == each.end - 60.0
        assert ((born[each.children] >= each.start) & (born[each.children] < each.end)).all()
        for place, child in enumerate(each.children.tolist()):
            mine = each.asked == place
            assert each.candidates[mine][each.true[mine]].tolist() == [base_of[child]]
            candidates = set(base_of.values())
            assert len(set(each.candidates[mine].tolist())) == mine.sum()
            assert set(each.candidates[mine].tolist()) <= {c for c in candidates if born[c] < born[child]}
            older = sum(born[c] < born[child] for c in candidates)
            assert np.exp(each.stands_for[mine]).sum() == pytest.approx(older, rel=1e-5)
            drawn += int((each.stands_for[mine] > 0).sum())
    assert drawn > 100


def test_numbers_are_those_of_the_moment(asked: Lineage) -> None:
    each = hindsight.moments(asked, traces.TRACES)[2]
    data = asked.past.data
    then = lineage(data, history(as_of(data, moment_of(each.start))), moment_of(each.end))
    whole = traces.Traces(then).of(each.children)
    column = np.searchsorted(then.candidates, each.candidates)
    np.testing.assert_allclose(whole[each.asked, column], each.numbers, atol=0.02, rtol=0.002)


def test_likelihood_of_facts_is_naive_bayes(asked: Lineage) -> None:
    data, past = asked.whole, asked.past.data
    rare = {
        label: len(past.edges["Model", FACT_LABELS[label][0], label][1]) for label in FACTS
    }  # labels without links in the past have no facts with a weight
    held: dict[int, set[tuple[str, int]]] = {}
    for label in FACTS:
        for model, fact in data.edges["Model", FACT_LABELS[label][0], label].T.tolist() if rare[label] else ():
            held.setdefault(model, set()).add((label, fact))
    compare(asked, held, numbers_of(asked)["how likely facts are among its children"])


def test_likelihood_of_words_is_naive_bayes(asked: Lineage) -> None:
    names = asked.whole.nodes["Model"]
    born = asked.whole.times["Model"]
    child = asked.whole.edges["Model", "BASED_ON", "Model"][0]
    split = {model: set(title(name).split("-")) for model, name in enumerate(names)}
    known = {word for model in child.tolist() if born[model] < CUT for word in split[model]}
    held = {model: words & known for model, words in split.items()}
    compare(asked, held, numbers_of(asked)["how likely words of the name are among its children"])


def compare(asked: Lineage, held: dict[int, set[tuple[str, int]]] | dict[int, set[str]], found: FloatArray) -> None:
    """With what all children have, as much as of five children, and each candidate a child of its own."""
    born = asked.whole.times["Model"]
    links = [pair for pair in asked.whole.edges["Model", "BASED_ON", "Model"].T.tolist() if born[pair[0]] < CUT]
    everyone = {child for child, _ in links}

    def usual(thing: object) -> float:
        return (sum(thing in held.get(child, ()) for child in everyone) + 1) / (len(everyone) + 2)

    for row in range(0, len(asked.children), 7):
        for place, candidate in enumerate(asked.candidates.tolist()):
            mine = [child for child, base in links if base == candidate] + [candidate]
            expected = 0.0
            for thing in held.get(int(asked.children[row]), ()):
                count = sum(thing in held.get(child, ()) for child in mine)
                expected += math.log((count + 5 * usual(thing)) / (len(mine) + 5) / usual(thing))
            assert found[row, place] == pytest.approx(expected, abs=1e-3)


def test_facts_are_compared_kind_by_kind(asked: Lineage) -> None:
    found = numbers_of(asked)
    tags = dict(asked.whole.edges["Model", "HAS_TAG", "Tag"].T.tolist())
    same = [[tags[a] == tags[b] for b in asked.candidates.tolist()] for a in asked.children.tolist()]
    np.testing.assert_allclose(found["tags of both"], np.array(same, float), atol=1e-5)
    assert not found["licenses of both"].any()


def test_a_sum_weighs_parts_by_their_deviation_and_leaves_outside_what_one_does(asked: Lineage) -> None:
    class Shy(Texts):
        def scores(self, children: IntArray) -> FloatArray:
            found = super().scores(children) * 100
            found[:, 3] = OUTSIDE
            return found

    both = Together([Names, Shy])
    both.fit(asked, 0)
    parts = [Names(), Shy()]
    for each in parts:
        each.fit(asked, 0)
    found = both.scores(asked.children)
    first, second = (each.scores(asked.children) for each in parts)
    inside = np.arange(24) != 3
    expected = first / first[:, inside].std() + second / second[:, inside].std()
    np.testing.assert_allclose(found[:, inside], expected[:, inside], rtol=1e-3)
    assert (found[:, 3] == OUTSIDE).all()
