"""Methods that rank, on a planted answer; measures against ones worked out apart; nothing younger than a cut."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from lighter import METHODS, UNEXPLAINED, fitted
from planted import FAMILIES, planted

from gnn.messages import builds
from gnn.ranking import measures
from gnn.ranking.contest import contest, judge, measured, rank
from gnn.ranking.lessons import around
from gnn.ranking.linear import EASE
from gnn.ranking.methods import OUTSIDE, Popularity, methods
from gnn.ranking.moments import _came_true
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.task import BuiltNext, History, Leak, built_next, history
from graph.types import FACT_LABELS, FloatArray, IntArray

#: Of 40 authors most have built on half of their family's six bases by then.
CUT = 330.0
LARGE = 200  # MB
PERSONAL = {name: make for name, make in METHODS.items() if "popularity" not in name and name != "no-messages"}


@pytest.fixture(scope="module")
def past() -> History:
    return history(as_of(planted(), moment_of(CUT)))


@pytest.fixture(scope="module")
def asked(past: History) -> BuiltNext:
    return built_next(planted(), past, datetime(2100, 1, 1, tzinfo=timezone.utc))


def test_a_history_holds_first_builds_on_bases_of_others(past: History) -> None:
    data = planted()
    child, base = data.edges["Model", "BASED_ON", "Model"]
    author = dict(data.edges["Model", "PUBLISHED_BY", "Author"].T.tolist())
    first: dict[tuple[str, str], float] = {}
    for c, b in sorted(zip(child.tolist(), base.tolist(), strict=True)):
        if data.times["Model"][c] < CUT:
            first.setdefault((data.nodes["Author"][author[c]], data.nodes["Model"][b]), float(data.times["Model"][c]))
    pairs = zip(past.author.tolist(), past.item.tolist(), past.day.tolist(), strict=True)
    assert {(past.authors[a], past.items[i]): day for a, i, day in pairs} == first
    assert (np.diff(past.day) >= 0).all()
    assert past.ages.min() > 0


def test_the_truth_is_what_authors_built_on_for_the_first_time_after_the_cut(past: History, asked: BuiltNext) -> None:
    assert len(asked.queries) > 20
    for query, truth in zip(asked.queries.tolist(), asked.truths, strict=True):
        had = {past.items[i] for i in past.item[past.author == query].tolist()}
        assert had
        assert truth
        assert not had & set(truth)
        (family,) = {each.split("-")[1] for each in (*truth, *had)}
        assert int(past.authors[query].removeprefix("author")) % FAMILIES == int(family)
    sooner = built_next(planted(), past, moment_of(CUT + 60))
    assert 0 < sum(map(len, sooner.truths)) < sum(map(len, asked.truths))


def test_who_builds_on_very_many_is_not_asked_about(past: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnn.ranking.task.MOST_BASES", 4)
    few = built_next(planted(), past, datetime(2100, 1, 1, tzinfo=timezone.utc))
    child, base = planted().edges["Model", "BASED_ON", "Model"]
    author = dict(planted().edges["Model", "PUBLISHED_BY", "Author"].T.tolist())
    bases: dict[str, set[int]] = {}
    for c, b in zip(child.tolist(), base.tolist(), strict=True):
        bases.setdefault(planted().nodes["Author"][author[c]], set()).add(b)
    assert len(few.queries)
    assert all(len(bases[past.authors[query]]) <= 4 for query in few.queries.tolist())


@pytest.mark.parametrize("broken", ["model", "link", "fact"])
def test_what_is_younger_than_the_cut_is_a_leak(broken: str) -> None:
    data = as_of(planted(), moment_of(CUT))
    if broken == "model":
        times = data.times["Model"].copy()
        times[7] = CUT
        data, name = replace(data, times={"Model": times}), data.nodes["Model"][7]
    elif broken == "link":
        moments = dict(data.edge_times)
        moments["Model", "HAS_TAG", "Tag"] = moments["Model", "HAS_TAG", "Tag"] + CUT
        data, name = replace(data, edge_times=moments), "HAS_TAG"
    else:
        features = {**data.features, "Task": np.zeros((1, 16), np.float32)}
        data, name = replace(data, nodes={**data.nodes, "Task": ("new-task",)}, features=features), "new-task"
    with pytest.raises(Leak, match=name):
        history(data)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_gives_numbers_the_same_ones_again(name: str, past: History) -> None:
    authors = np.array([3, 0])
    first, second = (fitted(METHODS[name], past).scores(each) for each in (authors, authors[::-1]))
    second = second[::-1]
    assert first.shape == (2, len(past.items))
    assert np.isfinite(first).all()
    np.testing.assert_allclose(first, second, atol=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_what_a_method_says_adds_up_to_its_score(name: str, past: History) -> None:
    method = fitted(METHODS[name], past)
    scores = method.scores(np.arange(5))
    said = 0
    for author in range(5):
        for item in range(0, len(past.items), 5):
            shares = method.explain(author, item)
            said += bool(shares)
            if scores[author, item] == OUTSIDE:
                assert not shares
            elif shares or name not in UNEXPLAINED:
                assert sum(share for _, share in shares) == pytest.approx(float(scores[author, item]), abs=1e-4)
    assert bool(said) == (name not in UNEXPLAINED)


@pytest.mark.parametrize("name", PERSONAL)
def test_the_planted_answer_is_found(name: str, asked: BuiltNext) -> None:
    """What stands first is of the author's family; popularity cannot know that."""
    shares = {}
    for each in (rank(name, PERSONAL[name](), asked, 0), rank("popularity", Popularity(), asked, 0)):
        families = [int(asked.history.authors[query].removeprefix("author")) % FAMILIES for query in asked.queries]
        firsts = [int(ids[0].split("-")[1]) for ids in each.ranked]
        shares[each.method] = np.mean([a == b for a, b in zip(families, firsts, strict=True)])
    assert shares[name] > (0.3 if name == "ease-recency" else 0.9)  # which is popularity to a good part
    assert shares["popularity"] < 0.1


def test_recent_popularity_looks_back_so_far(past: History) -> None:
    window = fitted(lambda: Popularity(window=20), past).scores(np.array([0]))[0]
    counts = np.bincount(past.item[past.ages <= 20], minlength=len(past.items))
    assert np.floor(window + 0.5).astype(int).tolist() == counts.tolist()
    late = fitted(lambda: Popularity(half_life=5), past).scores(np.array([0]))[0]
    weights = np.bincount(past.item, 0.5 ** (past.ages / 5), minlength=len(past.items))
    assert late == pytest.approx(weights, abs=1e-5)


def test_ease_solves_what_it_says(past: History) -> None:
    """Of the weights with an empty diagonal, no small step gives a lower loss."""
    method = EASE(regularisation=10.0)
    method.fit(past, 0)
    rows = past.matrix().toarray().astype(float)
    weights = method._weights.astype(float)
    assert np.diag(weights) == pytest.approx(0)

    def loss(each: np.ndarray) -> float:  # type: ignore[type-arg]
        return float(((rows - rows @ each) ** 2).sum() + 10.0 * (each**2).sum())

    random = np.random.default_rng(0)
    for _ in range(20):
        step = random.normal(size=weights.shape) * 1e-2
        np.fill_diagonal(step, 0.0)
        assert loss(weights + step) > loss(weights)


def test_measures_are_the_usual_ones() -> None:
    ranked = [["a", "b", "c"], ["x", "y"], ["m", "n"], [f"n{i}" for i in range(30)]]
    truths = [("b", "z"), ("q",), (), ("n0", "n20")]
    found = measures.by_query(ranked, truths)
    ideal = 1 + 1 / np.log2(3)
    assert found["recall@20"] == pytest.approx([0.5, 0.0, 0.5])
    assert found["ndcg@20"] == pytest.approx([1 / np.log2(3) / ideal, 0.0, 1 / ideal])
    assert found["mrr"] == pytest.approx([0.5, 0.0, 1.0])
    assert found["hits@10"] == pytest.approx([1.0, 0.0, 1.0])
    assert measures.coverage(ranked, 100) == pytest.approx((3 + 2 + 2 + 20) / 100)
    assert measures.gini([["a"], ["b"]], 2) == pytest.approx(0)
    assert measures.gini([["a"], ["a"]], 4) == pytest.approx(0.75)


def test_intervals_are_paired() -> None:
    random = np.random.default_rng(1)
    easy = random.random(400)
    better = measures.interval((easy + 0.02 + random.normal(0, 0.01, 400)) - easy)
    assert better.sure
    assert better.low < 0.02 < better.high
    assert better.high - better.low < 0.004
    assert not measures.interval(random.normal(0, 1, 400)).sure
    assert measures.interval(np.ones(5)).low == 1.0


def test_a_contest_puts_the_best_first_and_compares_with_it(asked: BuiltNext) -> None:
    lists = []
    chosen = {name: methods()[name] for name in ("popularity", "ease", "bpr")}
    judged = contest(asked, chosen, seeds=(0, 1), on_ranking=lists.append)
    assert [(each.method, each.seed) for each in lists] == [("popularity", 0), ("ease", 0), ("bpr", 0), ("bpr", 1)]
    assert judged[-1].method == "popularity"
    assert not judged[0].against
    assert judged[-1].against["warm ndcg@20"].sure
    assert judged[-1].against["warm ndcg@20"].mean < 0
    by_name = {each.method: each for each in judged}
    assert (by_name["bpr"].seeds, by_name["ease"].seeds) == (2, 1)
    for each in lists:
        assert all(len(ids) == len(set(ids)) for ids in each.ranked)
        for query, ids in zip(asked.queries.tolist(), each.ranked, strict=True):
            had = {asked.history.items[i] for i in asked.history.item[asked.history.author == query].tolist()}
            assert not had & set(ids)
            assert len(ids) == len(asked.history.items) - len(had)
    seeds = [measured(each, asked)["warm ndcg@20"] for each in lists[-2:]]
    assert by_name["bpr"].measures["warm ndcg@20"] == pytest.approx(np.mean(seeds))
    assert by_name["bpr"].queries["warm ndcg@20"] == pytest.approx(np.mean(seeds, axis=0))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the memory of a part of the work is not known")
def test_the_memory_of_a_method_is_its_own(asked: BuiltNext) -> None:
    class Holding(Popularity):
        def fit(self, past: History, seed: int) -> None:
            super().fit(past, seed)
            self.held, self.me = np.ones(LARGE << 17), self  # in a circle, so that it does not go by itself

    class Asking(Popularity):
        def scores(self, authors: IntArray) -> FloatArray:
            return super().scores(authors) + np.ones(LARGE << 17)[0] - 1

    ways = {"plain": Popularity, "holding": Holding, "plain again": Popularity, "asking": Asking}
    judged = {each.method: each.peak_mb for each in contest(asked, ways)}
    peaks = [judged[name] for name in ways]
    assert None not in peaks
    plain, holding, again, asking = (float(each or 0) for each in peaks)
    assert holding > plain + 0.9 * LARGE
    assert again < plain + 0.5 * LARGE
    assert asking > again + 0.9 * LARGE


def test_of_several_seeds_the_highest_peak_counts(asked: BuiltNext) -> None:
    one = rank("bpr", methods()["bpr"](), asked, 0)
    seeds = [replace(one, seed=seed, peak_mb=peak) for seed, peak in enumerate((300.0, 500.0, None))]
    assert [each.peak_mb for each in judge(asked, seeds)] == [500.0]


def test_truths_that_nobody_had_built_on_count_as_missed_in_strict_only(past: History, asked: BuiltNext) -> None:
    cold = replace(asked, truths=tuple((*truth, "new/base") for truth in asked.truths))
    assert cold.kinds()["warm"] == asked.kinds()["warm"]
    ranking = rank("ease", EASE(), cold, 0)
    found = measured(ranking, cold)
    assert found["warm recall@20"].mean() > found["strict recall@20"].mean() > 0


def test_every_kind_of_fact_is_checked(past: History) -> None:
    assert set(past.data.nodes) == {"Model", *FACT_LABELS}
    assert set(METHODS) == set(methods())


def test_a_network_learns_from_authors_who_had_built_on_nothing_yet() -> None:
    data = planted()
    triple = ("Model", "BASED_ON", "Model")
    lineages = data.edges[triple][:, 10:]  # the first ten models are made from nothing
    edge_times = {**data.edge_times, triple: data.edge_times[triple][10:]}
    past = history(as_of(replace(data, edges={**data.edges, triple: lineages}, edge_times=edge_times), moment_of(CUT)))
    start = float(np.sort(past.day)[5])
    then = history(as_of(past.data, moment_of(start)))
    authors, built = _came_true(past, then, past.cut)
    items = then.items
    assert set(authors) - set(then.authors)
    first = {(past.authors[a], past.items[i]): d for a, i, d in zip(past.author, past.item, past.day, strict=True)}
    there = set(then.data.nodes["Author"])
    assert {(author, items[item]) for author, each in zip(authors, built, strict=True) for item in each} == {
        (author, item) for (author, item), day in first.items() if day >= start and item in items and author in there
    }


def test_the_surroundings_hold_every_first_build(past: History) -> None:
    held = around(past, past.author_rows)
    authors, bases, days = builds(held)
    found = {(held.nodes["Author"][a], held.nodes["Model"][b]): d for a, b, d in zip(authors, bases, days, strict=True)}
    pairs = zip(past.author, past.item, past.day, strict=True)
    assert found == {(past.authors[a], past.items[i]): d for a, i, d in pairs}
