"""Methods that rank, on a planted answer; measures against ones worked out apart; nothing younger than a cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from planted import FAMILIES, planted

from gnn.messages import builds
from gnn.ranking import measures
from gnn.ranking.contest import contest, measured, rank
from gnn.ranking.ensemble import Together
from gnn.ranking.factors import Factors
from gnn.ranking.linear import EASE
from gnn.ranking.methods import OUTSIDE, Method, Popularity, methods
from gnn.ranking.moments import _around, _came_true
from gnn.ranking.network import GraphNetwork
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.rerank import Reranker
from gnn.ranking.task import BuiltNext, History, Leak, built_first, built_next, history
from gnn.ranking.trees import Trees
from graph.types import FACT_LABELS, Subgraph

#: Of 40 authors most have built on half of their family's six bases by then.
CUT = 330.0
UNEXPLAINED = ("als", "bpr")
_LIGHTER: dict[str, Callable[[], Method]] = {  # as they are, but trained for less long
    "als": lambda: Factors("als", regularisation=0.05),  # the graph is small
    "gat": lambda: GraphNetwork(moments=4, epochs=10),
    "gcn": lambda: GraphNetwork("gcn", moments=4, epochs=10),
    "no-messages": lambda: GraphNetwork("none", moments=2, epochs=2),
    "reranker": lambda: Reranker(moments=4, step=20, trees=Trees(rounds=60)),
    "gat-reranker": lambda: Together([(1.0, _LIGHTER["gat"]), (1.0, _LIGHTER["reranker"])]),
}
METHODS = {**methods(), **_LIGHTER}
#: What is the same as these where an author had built on nothing.
KNOWS_NOTHING: dict[str, Callable[[], Method]] = {
    "item-knn": Popularity,
    "item-knn-decayed": lambda: Popularity(half_life=90),
    "ease": Popularity,
    "ease-decayed": lambda: Popularity(half_life=90),
    "ease-recency": lambda: Popularity(window=30),
    "als": Popularity,
    "bpr": Popularity,
}
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
    first, second = (_fitted(METHODS[name], past).scores(each) for each in (authors, authors[::-1]))
    second = second[::-1]
    assert first.shape == (2, len(past.items))
    assert np.isfinite(first).all()
    np.testing.assert_allclose(first, second, atol=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_what_a_method_says_adds_up_to_its_score(name: str, past: History) -> None:
    method = _fitted(METHODS[name], past)
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


COLD = tuple(f"author{number}" for number in range(0, 40, 3))


def cold_start() -> Subgraph:
    """The planted graph, in which every third author had models but no base before the cut, and the next one of each
    three had none until 120 days before it."""
    data, triple = planted(), ("Model", "BASED_ON", "Model")
    child, _ = data.edges[triple]
    number = [int(data.nodes["Model"][row].split("/")[0].removeprefix("author")) for row in child.tolist()]
    kept = data.times["Model"][child] >= np.array([CUT, CUT - 120, 0.0])[np.array(number) % 3]
    times = {**data.edge_times, triple: data.edge_times[triple][kept]}
    return replace(data, edges={**data.edges, triple: data.edges[triple][:, kept]}, edge_times=times)


@pytest.fixture(scope="module")
def builders() -> History:
    return history(as_of(cold_start(), moment_of(CUT)))


@pytest.fixture(scope="module")
def cold(builders: History) -> BuiltNext:
    return built_first(cold_start(), builders, datetime(2100, 1, 1, tzinfo=timezone.utc))


def test_who_had_only_models_is_asked_what_they_build_on_first(builders: History, cold: BuiltNext) -> None:
    data = cold_start()
    author = dict(data.edges["Model", "PUBLISHED_BY", "Author"].T.tolist())
    firsts: dict[str, str] = {}
    for child, base in sorted(data.edges["Model", "BASED_ON", "Model"].T.tolist()):  # children by day
        firsts.setdefault(data.nodes["Author"][author[child]], data.nodes["Model"][base])
    there = {name.split("/")[0] for name in builders.data.nodes["Model"]}
    wanted = {name: (base,) for name, base in firsts.items() if name in there and name not in builders.authors}
    assert len(set(wanted) & set(COLD)) > 5
    assert dict(zip(cold.names, cold.truths, strict=True)) == wanted
    assert cold.history.authors[: cold.history.builders] == builders.authors
    assert not set(cold.names) & set(builders.authors)
    assert cold.about()["training authors"] == len(builders.authors)
    rows = cold.history.author_rows
    assert tuple(cold.history.data.nodes["Author"][row] for row in rows) == cold.history.authors
    assert not set(cold.names) - there


def test_a_first_build_of_two_bases_has_two_answers_and_younger_bases_none(builders: History, cold: BuiltNext) -> None:
    data, triple = cold_start(), ("Model", "BASED_ON", "Model")
    author = {data.nodes["Model"][c].split("/")[0]: c for c, _ in reversed(data.edges[triple].T.tolist())}
    first = author[cold.names[0]]
    more = np.array([[first, first], [1, data.times["Model"].argmax() - 1]])
    edges = {**data.edges, triple: np.concatenate([data.edges[triple], more], axis=1)}
    times = {each: data.times["Model"][pair[0]] for each, pair in edges.items()}
    merged = built_first(replace(data, edges=edges, edge_times=times), builders, moment_of(10_000.0))
    assert set(merged.truths[0]) == {*cold.truths[0], data.nodes["Model"][1]}
    assert merged.truths[1:] == cold.truths[1:]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_answers_about_who_had_built_on_nothing(name: str, cold: BuiltNext) -> None:
    method = _fitted(METHODS[name], cold.history)
    scores = method.scores(cold.queries)
    assert scores.shape == (len(cold.queries), len(cold.items))
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(method.scores(cold.queries[::-1])[::-1], scores, atol=1e-5)
    if name in KNOWS_NOTHING:
        popular = _fitted(KNOWS_NOTHING[name], cold.history).scores(cold.queries)
        np.testing.assert_array_equal(np.argsort(-scores, kind="stable"), np.argsort(-popular, kind="stable"))
    if name not in UNEXPLAINED:
        for item in range(0, len(cold.items), 3):
            shares = method.explain(int(cold.queries[0]), item)
            assert shares or scores[0, item] == OUTSIDE
            if shares:
                assert sum(share for _, share in shares) == pytest.approx(float(scores[0, item]), abs=1e-4)


@pytest.mark.parametrize("name", ["ease-recency", "ease-decayed", "item-knn", "als", "bpr", "gat", "gcn"])
def test_who_else_is_asked_about_changes_nothing_for_others(name: str, builders: History, cold: BuiltNext) -> None:
    """What is learned is learned from builders: the same scores, but for what networks hear at the end."""
    authors = np.arange(5)
    first, second = (_fitted(METHODS[name], past).scores(authors) for past in (builders, cold.history))
    np.testing.assert_allclose(first, second, atol=0.2 if name in ("gat", "gcn") else 1e-6)


@pytest.mark.parametrize("name", ["gat", "gcn", "reranker", "gat-reranker"])
def test_the_planted_answer_is_found_for_who_had_built_on_nothing(name: str, cold: BuiltNext) -> None:
    ranking = rank(name, METHODS[name](), cold, 0)
    families = [int(author.removeprefix("author")) % FAMILIES for author in cold.names]
    firsts = [int(ids[0].split("-")[1]) for ids in ranking.ranked]
    assert np.mean([a == b for a, b in zip(families, firsts, strict=True)]) > 0.7  # a quarter by chance


def _fitted(make: Callable[[], Method], past: History) -> Method:
    method = make()
    method.fit(past, 0)
    return method


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
    window = _fitted(lambda: Popularity(window=20), past).scores(np.array([0]))[0]
    counts = np.bincount(past.item[past.ages <= 20], minlength=len(past.items))
    assert np.floor(window + 0.5).astype(int).tolist() == counts.tolist()
    late = _fitted(lambda: Popularity(half_life=5), past).scores(np.array([0]))[0]
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
    authors, pairs = _came_true(past, then, past.cut)
    items = then.items
    assert set(authors) - set(then.authors)
    first = {(past.authors[a], past.items[i]): d for a, i, d in zip(past.author, past.item, past.day, strict=True)}
    there = set(then.data.nodes["Author"])
    assert {(authors[row], items[item]) for row, item in pairs.T.tolist()} == {
        (author, item) for (author, item), day in first.items() if day >= start and item in items and author in there
    }


def test_the_surroundings_hold_every_first_build(past: History) -> None:
    around = _around(past, past.author_rows)
    authors, bases, days = builds(around)
    found = {
        (around.nodes["Author"][a], around.nodes["Model"][b]): d for a, b, d in zip(authors, bases, days, strict=True)
    }
    pairs = zip(past.author, past.item, past.day, strict=True)
    assert found == {(past.authors[a], past.items[i]): d for a, i, d in pairs}
