"""What trees and networks see of authors, items and pairs, against the same worked out one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from itertools import pairwise

import numpy as np
import pytest
from planted import planted

from gnn.ranking import traces
from gnn.ranking.ensemble import Together
from gnn.ranking.features import AUTHOR_FEATURES, ITEM_FEATURES, PAIR_FEATURES, Features, places
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.linear import EASE
from gnn.ranking.methods import OUTSIDE, Method, Popularity
from gnn.ranking.moments import Scaled
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.task import History, history
from gnn.ranking.trees import labelled, proposed
from graph.types import FloatArray, IntArray, Subgraph

CUT = 330.0


def kin() -> Subgraph:
    """The planted graph, in which every base but the first of its family was made from the one before it."""
    data = planted()
    child, base = data.edges["Model", "BASED_ON", "Model"]
    chain = [(i + 1, i) for i in range(23) if (i + 1) % 6]
    pair = np.concatenate([np.array(chain, dtype=np.int64).T, [child, base]], axis=1)
    triple = ("Model", "BASED_ON", "Model")
    times = {**data.edge_times, triple: data.times["Model"][pair[0]]}
    return replace(data, edges={**data.edges, triple: pair}, edge_times=times)


@pytest.fixture(scope="module")
def past() -> History:
    return history(as_of(kin(), moment_of(CUT)))


@pytest.fixture(scope="module")
def features(past: History) -> Features:
    return Features(past)


def column(features: Features, past: History, name: str) -> FloatArray:
    """(authors, items) of a pair feature, of the history's authors."""
    return features.pairs(past.author_rows)[:, :, PAIR_FEATURES.index(name)]


def builds_of(past: History) -> list[dict[int, float]]:
    """Of each author the items with the ages of the pairs."""
    found: list[dict[int, float]] = [{} for _ in past.authors]
    for author, item, age in zip(past.author.tolist(), past.item.tolist(), past.ages.tolist(), strict=True):
        found[author][item] = age
    return found


def test_items_are_counted_in_windows(past: History, features: Features) -> None:
    for number, item in enumerate(past.items):
        ages = past.ages[past.item == number]
        found = dict(zip(ITEM_FEATURES, features.items[number].tolist(), strict=True))
        assert found["authors who built on it"] == pytest.approx(np.log1p(len(ages)))
        assert found["authors who built on it in 60 days"] == pytest.approx(np.log1p((ages <= 60).sum()))
        share = (ages <= 90).sum() / (past.ages <= 90).sum()
        assert found["its share of what was built in 90 days"] == pytest.approx(np.log(share + 1e-4), abs=1e-5)
        assert found["days since the last"] == pytest.approx(-np.log1p(ages.min()), abs=1e-5)
        assert found["age"] == pytest.approx(-np.log1p(CUT - past.created[number]), abs=1e-5)
        assert found["bases it was made from"] == pytest.approx(np.log1p(int(item.split("-")[2]) > 0))


def test_authors_are_counted(past: History, features: Features) -> None:
    found = features.authors(past.author_rows)
    data = past.data
    models = np.bincount(data.edges["Model", "PUBLISHED_BY", "Author"][1], minlength=len(data.nodes["Author"]))
    for number, built in enumerate(builds_of(past)):
        row = dict(zip(AUTHOR_FEATURES, found[number].tolist(), strict=True))
        assert row["bases"] == pytest.approx(np.log1p(len(built)))
        assert row["bases in 90 days"] == pytest.approx(np.log1p(sum(age <= 90 for age in built.values())))
        assert row["days since the last base"] == pytest.approx(-np.log1p(min(built.values())), abs=1e-5)
        assert row["models"] == pytest.approx(np.log1p(models[past.author_rows[number]]))


def test_pairs_know_owners_and_kin(past: History, features: Features) -> None:
    same = column(features, past, "bases of the same owner")
    down = column(features, past, "made from one of their bases")
    up = column(features, past, "one of their bases was made from it")
    for author, built in enumerate(builds_of(past)):
        weights = {item: 0.5 ** (age / 60) for item, age in built.items()}
        for number, item in enumerate(past.items):
            owner, place = item.split("/")[0], int(item.split("-")[2])
            assert same[author, number] == pytest.approx(
                np.log1p(sum(past.items[i].startswith(f"{owner}/") for i in built)), abs=1e-5
            )
            family = {int(past.items[i].split("-")[2]): w for i, w in weights.items() if past.items[i][:4] == owner}
            assert down[author, number] == pytest.approx(np.log1p(family.get(place - 1, 0.0)), abs=1e-5)
            assert up[author, number] == pytest.approx(np.log1p(family.get(place + 1, 0.0)), abs=1e-5)


def test_pairs_hold_the_scores_of_methods_and_places_by_them(past: History, features: Features) -> None:
    method = EASE(half_life=90)
    method.fit(past, 0)
    scores = method.scores(np.arange(len(past.authors)))
    np.testing.assert_allclose(column(features, past, "EASE, decayed"), scores, atol=1e-6)
    found = column(features, past, "place by EASE, decayed")
    assert (found.max(axis=1) == 0).all()
    np.testing.assert_array_equal(np.argsort(-found, axis=1), np.argsort(-scores, axis=1, kind="stable"))
    assert places(np.array([[0.1, 0.3, 0.2]], np.float32))[0] == pytest.approx(-np.log1p([2, 0, 1]))


def test_facts_and_texts_of_the_own_family_are_alike(past: History, features: Features) -> None:
    own = [int(name.removeprefix("author")) % 4 for name in past.authors]
    family = [int(item.split("-")[1]) for item in past.items]
    alike = np.equal.outer(own, family)
    for name in PAIR_FEATURES[PAIR_FEATURES.index("facts of their models and of models made from it") :][:4]:
        values = column(features, past, name)
        assert values[alike].mean() > values[~alike].mean() + 0.3, name
        assert np.abs(values).max() <= 1 + 1e-5


def test_what_is_old_says_less_of_what_authors_and_bases_are_like() -> None:
    """Each model has one fact, drawn at random."""
    past = history(as_of(planted(noise=True), moment_of(CUT)))
    data = past.data
    tag = dict(data.edges["Model", "HAS_TAG", "Tag"].T.tolist())
    age = CUT - data.times["Model"]
    own, made = np.zeros((len(past.authors), 4)), np.zeros((len(past.items), 4))
    author = {row: i for i, row in enumerate(past.author_rows.tolist())}
    for model, publisher in data.edges["Model", "PUBLISHED_BY", "Author"].T.tolist():
        if publisher in author:
            own[author[publisher], tag[model]] += 0.5 ** (age[model] / 120)
    item = {row: i for i, row in enumerate(past.item_rows.tolist())}
    for child, base in data.edges["Model", "BASED_ON", "Model"].T.tolist():
        made[item[base], tag[child]] += 0.5 ** (age[child] / 60)
    own, made = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (own, made))
    found = column(Features(past), past, "facts of their models and of models made from it")
    np.testing.assert_allclose(found, own @ made.T, atol=1e-5)


def test_who_has_built_on_nothing_is_known_by_their_models(past: History, features: Features) -> None:
    rows = np.array([past.data.nodes["Author"].index("org1")])
    found = dict(zip(PAIR_FEATURES, np.moveaxis(features.pairs(rows)[0], 1, 0), strict=True))
    for name in ("EASE", "ItemKNN, decayed", "bases of the same owner", "words in names of their bases"):
        assert not found[name].any(), name
    own = np.array([item.startswith("org1/") for item in past.items])
    assert found["facts of their models and its own"][own] == pytest.approx(1.0)
    assert (found["made from a model of theirs"][own] > 0).sum() >= 4


def test_scaled_features_are_alike_at_all_moments(past: History) -> None:
    scaled = Scaled(past)
    assert scaled.items.mean(0) == pytest.approx(0.0, abs=1e-4)
    assert np.isfinite(scaled.pairs(past.author_rows)).all()
    assert np.abs(scaled.pairs(past.author_rows)).max() < 8
    assert np.abs(scaled.authors(past.author_rows)).max() <= 3


def test_only_what_is_proposed_is_learned_from() -> None:
    numbers = np.zeros((2, 5, 2), np.float32)
    numbers[0, :, 0] = [5, 4, 3, 2, 1]
    numbers[0, :, 1] = [1, 2, 3, 4, 5]
    numbers[1, 3, :] = 1
    marks = proposed([numbers[:, :, 0], numbers[:, :, 1]], 1)
    assert np.flatnonzero(marks[0]).tolist() == [0, 4]
    lists = list(labelled(numbers, marks, [[4, 2], [0]]))
    assert len(lists) == 1  # what is true of the second was not proposed
    assert lists[0][1].tolist() == [0, 1]
    np.testing.assert_array_equal(lists[0][0], numbers[0][[0, 4]])


class _Given:
    """A method with scores that are given."""

    seeded = False

    def __init__(self, scores: FloatArray) -> None:
        self._scores = scores

    def fit(self, past: History, seed: int) -> None:
        pass

    def scores(self, authors: IntArray) -> FloatArray:
        return self._scores[authors]

    def explain(self, author: int, item: int) -> tuple[tuple[str, float], ...]:
        score = float(self._scores[author, item])
        return () if score == OUTSIDE else (("given", score),)


def test_a_sum_of_methods_counts_each_in_its_own_unit(past: History) -> None:
    random = np.random.default_rng(0)
    shape = len(past.authors), len(past.items)
    one, two = random.normal(size=shape).astype(np.float32), random.normal(size=shape).astype(np.float32)
    two[0, :3] = OUTSIDE
    parts: list[tuple[float, Callable[[], Method]]] = [(1.0, lambda: _Given(100 * one)), (2.0, lambda: _Given(two))]
    together = Together(parts)
    together.fit(past, 0)
    found = together.scores(np.arange(shape[0]))
    assert (found[0, :3] == OUTSIDE).all()
    inside = found > OUTSIDE
    assert (~inside).sum() == 3
    expected = one / one.std() + 2 * two / two[inside].std()
    assert np.corrcoef(found[inside], expected[inside])[0, 1] > 0.999
    assert together.explain(0, 0) == ()
    ((name, share),) = together.explain(1, 4)
    assert name == "given"
    assert share == pytest.approx(float(found[1, 4]), abs=1e-4)


def test_a_sum_of_methods_needs_no_spread(past: History) -> None:
    together = Together(
        [(1.0, Popularity), (1.0, lambda: _Given(np.ones((len(past.authors), len(past.items)), np.float32)))]
    )
    together.fit(past, 0)
    assert np.isfinite(together.scores(np.arange(3))).all()


@pytest.fixture(scope="module")
def asked() -> Lineage:
    data = planted()
    return lineage(data, history(as_of(data, moment_of(CUT))), datetime(2100, 1, 1, tzinfo=timezone.utc))


def test_traces_know_what_the_author_made_before_the_cut(asked: Lineage) -> None:
    data = asked.whole
    found = traces.Traces(asked).of(asked.children)
    named = dict(zip(traces.NAMES, np.moveaxis(found, 2, 0), strict=True))
    child, base = data.edges["Model", "BASED_ON", "Model"]
    author = dict(data.edges["Model", "PUBLISHED_BY", "Author"].T.tolist())
    born = data.times["Model"]
    before = [(int(c), int(b)) for c, b in zip(child, base, strict=True) if born[c] < CUT]
    for row, model in enumerate(asked.children.tolist()):
        mine = sorted((born[c], b) for c, b in before if author[c] == author[model])
        for place, candidate in enumerate(asked.candidates.tolist()):
            times = sum(b == candidate for _, b in mine)
            assert named["made from it by the same author"][row, place] == pytest.approx(np.log1p(times), abs=1e-5)
            last = bool(mine) and mine[-1][1] == candidate
            assert named["the last that the author built on"][row, place] == last
            ever = sum(b == candidate for _, b in before)
            assert named["models made from it"][row, place] == pytest.approx(np.log1p(ever), abs=1e-5)
            age = born[model] - born[candidate]
            assert named["age"][row, place] == pytest.approx(-np.log(age + 0.003), abs=1e-5)


def test_earlier_models_that_are_alike_speak_for_their_base(asked: Lineage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnn.ranking.traces._WITNESSES", 3)
    data = asked.whole
    found = traces.Traces(asked).of(asked.children[:20])
    most = found[:, :, traces.NAMES.index("made from it: the model with the text most like this")]
    child, base = data.edges["Model", "BASED_ON", "Model"]
    old = data.times["Model"][child] < CUT
    child, base = child[old], base[old]
    units = data.features["Model"] / np.linalg.norm(data.features["Model"], axis=1, keepdims=True)
    for row, model in enumerate(asked.children[:20].tolist()):
        alike = units[child] @ units[model]
        first = np.argsort(-alike)[:3]
        expected = np.zeros(len(asked.candidates))
        for i in first[::-1].tolist():
            expected[np.searchsorted(asked.candidates, base[i])] = alike[i]
        assert most[row] == pytest.approx(expected, abs=1e-5)


def test_names_are_told_apart_by_columns() -> None:
    for names in (PAIR_FEATURES + ITEM_FEATURES + AUTHOR_FEATURES, traces.NAMES):
        assert all(a != b for a, b in pairwise(sorted(names)))
