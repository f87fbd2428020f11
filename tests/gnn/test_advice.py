"""What authors are advised, on the planted graph: scores, shares and numbers against the same worked out apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from planted import planted

from gnn.ranking import advice as advising
from gnn.ranking.advice import PARTS, advise, method_for
from gnn.ranking.ensemble import Together
from gnn.ranking.features import AUTHOR_FEATURES, ITEM_FEATURES, PAIR_FEATURES
from gnn.ranking.methods import OUTSIDE, Additive, methods
from gnn.ranking.network import GraphNetwork
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.rerank import Reranker
from gnn.ranking.task import History, TooLittle, history
from gnn.ranking.trees import Trees
from graph.advice import ADVICE_NUMBERS, ADVICE_REASONS, AdviceList
from graph.slots import ADVICE_METHOD
from graph.types import Subgraph

DAY = 1 / 86_400


def graph() -> Subgraph:
    """The planted graph, in which a child of every fifth author is a base too."""
    data = planted()
    child, base = data.edges["Model", "BASED_ON", "Model"]
    more = [(row + 1, row) for row in range(30, len(data.nodes["Model"]) - 1, 5)]
    pair = np.concatenate([np.stack([child, base]), np.array(more, dtype=np.int64).T], axis=1)
    triple = ("Model", "BASED_ON", "Model")
    times = {**data.edge_times, triple: data.times["Model"][pair[0]]}
    return replace(data, edges={**data.edges, triple: pair}, edge_times=times)


def light(past: History) -> Additive:
    return Together(
        [
            (1.0, lambda: GraphNetwork(moments=2, step=60, epochs=2)),
            (1.0, lambda: Reranker(moments=2, step=60, trees=Trees(rounds=20))),
        ]
    )


@pytest.fixture(scope="module", autouse=True)
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gnn.ranking.methods.BLOCK", 7)
        patch.setattr(advising, "KEPT", 15)
        patch.setattr(advising, "method_for", light)
        yield


@pytest.fixture(scope="module")
def past() -> History:
    data = graph()
    return history(replace(data, cut=moment_of(float(data.times["Model"].max()) + DAY)))


@pytest.fixture(scope="module")
def lists() -> dict[str, AdviceList]:
    return {each.author: each for each in advise(graph()).lists}


def test_the_best_by_score_that_are_not_theirs_and_not_built_on(past: History, lists: dict[str, AdviceList]) -> None:
    method = light(past)
    method.fit(past, 0)
    scores = method.scores(np.arange(len(past.authors)))
    built = past.matrix().toarray() > 0
    assert set(lists) == set(past.authors)
    own = 0
    for number, author in enumerate(past.authors):
        allowed = {
            item: float(scores[number, i])
            for i, item in enumerate(past.items)
            if not built[number, i] and not item.startswith(f"{author}/") and scores[number, i] > OUTSIDE
        }
        best = sorted(allowed.values(), reverse=True)[:15]
        found = lists[author]
        own += sum(item.startswith(f"{author}/") and scores[number, i] > OUTSIDE for i, item in enumerate(past.items))
        assert found.scores.tolist() == pytest.approx(best, abs=1e-4)
        assert [allowed[model] for model in found.models] == pytest.approx(best, abs=1e-4)
    assert own


def test_who_never_built_on_anything_changes_no_list(lists: dict[str, AdviceList]) -> None:
    """Models that are no base, made from nothing, by authors who built on nothing."""
    data = graph()
    models, authors, tags = (len(data.nodes[label]) for label in ("Model", "Author", "Tag"))
    strays = np.arange(models, models + 9)
    edges, random = dict(data.edges), np.random.default_rng(1)
    for (relationship, label), ends in {
        ("PUBLISHED_BY", "Author"): np.arange(authors, authors + 9),
        ("HAS_TAG", "Tag"): np.arange(9) % tags,
    }.items():
        pair = edges["Model", relationship, label]
        edges["Model", relationship, label] = np.concatenate([pair, [strays, ends]], axis=1)
    times = np.concatenate([data.times["Model"], np.linspace(50, 400, 9)])
    texts = {
        label: np.concatenate([data.features[label], random.normal(size=(9, 16)).astype(np.float32)])
        for label in ("Model", "Author")
    }
    more = replace(
        data,
        nodes={
            **data.nodes,
            "Model": (*data.nodes["Model"], *(f"stray{i}/model" for i in range(9))),
            "Author": (*data.nodes["Author"], *(f"stray{i}" for i in range(9))),
        },
        edges=edges,
        edge_times={triple: times[pair[0]] for triple, pair in edges.items()},
        features={**data.features, **texts},
        times={"Model": times},
    )
    found = advise(more)
    assert found.models == models + 9
    for each in found.lists:
        np.testing.assert_array_equal(each.scores, lists[each.author].scores)
        assert each.models == lists[each.author].models


def test_shares_add_up_and_each_belongs_to_one_reason(past: History, lists: dict[str, AdviceList]) -> None:
    for each in lists.values():
        assert each.shares.sum(axis=1) == pytest.approx(each.scores, abs=1e-4)
        assert (np.abs(each.shares).max(axis=0) > 0).sum() >= 4
    method = light(past)
    method.fit(past, 0)
    parts = [name for names in PARTS.values() for name in names]
    assert tuple(PARTS) == ADVICE_REASONS
    assert sorted(parts) == sorted(method.names)


def test_many_pairs_are_explained_as_one_is(past: History) -> None:
    method = light(past)
    method.fit(past, 0)
    authors, items = np.array([4, 9]), np.array([[3, 1, 8], [0, 2, 5]])
    found = method.shares(authors, items)
    assert found.shape == (2, 3, len(method.names))
    assert set(method.names) > {*PAIR_FEATURES, *ITEM_FEATURES, *AUTHOR_FEATURES}
    said = 0
    for row, author in enumerate(authors.tolist()):
        for column, item in enumerate(items[row].tolist()):
            one = dict(method.explain(author, item))
            said += bool(one)
            for name, share in one.items():
                assert found[row, column, method.names.index(name)] == pytest.approx(share, abs=1e-5), name
    assert said


def test_numbers_are_those_of_the_graph(past: History, lists: dict[str, AdviceList]) -> None:
    place = {name: i for i, name in enumerate(past.authors)}
    item = {name: i for i, name in enumerate(past.items)}
    for author, each in lists.items():
        own = past.author == place[author]
        for model, row in zip(each.models, each.numbers, strict=True):
            told = dict(zip(ADVICE_NUMBERS, row.tolist(), strict=True))
            ages = past.ages[past.item == item[model]]
            assert (told["authors"], told["authors_30d"]) == (len(ages), (ages <= 30).sum())
            assert told["days_since"] == pytest.approx(ages.min(), rel=1e-3, abs=1e-3)
            assert told["age"] == pytest.approx(past.cut - past.created[item[model]], rel=1e-3)
            assert (told["bases"], told["bases_30d"]) == (own.sum(), (own & (past.ages <= 30)).sum())
            owner = model.split("/")[0]
            assert told["owner_bases"] == sum(past.items[i].startswith(f"{owner}/") for i in past.item[own].tolist())
            assert 1 <= told["place"] <= len(past.items)


def test_an_age_that_is_not_known_is_told_as_such(past: History) -> None:
    undated = replace(past, created=np.full(len(past.created), np.nan))
    rows, items = past.author_rows[:2], np.zeros((2, 1), np.int64)
    numbers = advising._numbers(undated, advising.features_of(past), rows, items)
    assert (numbers[:, :, ADVICE_NUMBERS.index("age")] == -1).all()


def test_a_history_that_says_too_little_is_named() -> None:
    data = planted()
    with pytest.raises(TooLittle, match="authors first built on 0 bases of others before the last year"):
        method_for(history(as_of(data, moment_of(200.0))))
    undated = replace(data, times={"Model": np.full(len(data.nodes["Model"]), np.nan)})
    with pytest.raises(TooLittle, match="no model has a date"):
        advise(undated)


def test_a_large_history_is_learned_from_as_the_results_say(monkeypatch: pytest.MonkeyPatch, past: History) -> None:
    monkeypatch.setattr(advising, "LEAST_BEFORE", 10)
    small = method_for(past)
    monkeypatch.setattr(advising, "SMALL", 10)
    large, known = method_for(past), methods()[ADVICE_METHOD]()
    assert isinstance(small, Together)
    assert isinstance(large, Together)
    assert isinstance(known, Together)
    few, many, told = ([(weight, repr(make())) for weight, make in each.parts] for each in (small, large, known))
    assert many == told
    assert few != many
