"""Authors who had built on nothing before a cut: who is asked, and what methods say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from lighter import METHODS, UNEXPLAINED, fitted
from planted import FAMILIES, planted

from gnn.ranking.contest import rank
from gnn.ranking.methods import OUTSIDE, Method, Popularity
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.task import BuiltNext, History, built_first, history
from graph.types import Subgraph

CUT = 330.0
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
    method = fitted(METHODS[name], cold.history)
    scores = method.scores(cold.queries)
    assert scores.shape == (len(cold.queries), len(cold.items))
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(method.scores(cold.queries[::-1])[::-1], scores, atol=1e-5)
    if name in KNOWS_NOTHING:
        popular = fitted(KNOWS_NOTHING[name], cold.history).scores(cold.queries)
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
    first, second = (fitted(METHODS[name], past).scores(authors) for past in (builders, cold.history))
    np.testing.assert_allclose(first, second, atol=0.2 if name in ("gat", "gcn") else 1e-6)


@pytest.mark.parametrize("name", ["gat", "gcn", "reranker", "gat-reranker"])
def test_the_planted_answer_is_found_for_who_had_built_on_nothing(name: str, cold: BuiltNext) -> None:
    ranking = rank(name, METHODS[name](), cold, 0)
    families = [int(author.removeprefix("author")) % FAMILIES for author in cold.names]
    firsts = [int(ids[0].split("-")[1]) for ids in ranking.ranked]
    assert np.mean([a == b for a, b in zip(families, firsts, strict=True)]) > 0.7  # a quarter by chance
