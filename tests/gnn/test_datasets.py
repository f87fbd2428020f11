"""Telling the datasets of new models on a planted graph: facts tell the family, and the author the dataset itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial

import numpy as np
import pytest
from planted import BASES, FAMILIES, planted

from gnn.ranking.contest import contest, measured, rank
from gnn.ranking.datasets import DatasetLink, dataset_link
from gnn.ranking.hindsight import moments
from gnn.ranking.linkers import NUMBERS, Nearest, OwnEarlier, Profile, linkers, witnesses
from gnn.ranking.newcomers import Tracer
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.rerank import TraceRanker
from gnn.ranking.task import Leak, history
from gnn.ranking.tracers import Children, Mix, Names, Together
from gnn.ranking.tracing import TraceNetwork
from gnn.ranking.trees import Trees
from graph.errors import BadInput
from graph.types import IntArray, Subgraph

CUT = 330.0
END = datetime(2100, 1, 1, tzinfo=timezone.utc)
SETS = 3
TRAINED = ("Model", "TRAINED_ON", "Dataset")
TREES, NETWORK = partial(TraceRanker, NUMBERS, Trees(rounds=40)), partial(TraceNetwork, NUMBERS, epochs=4)
_LIGHTER: dict[str, Callable[[], Tracer[DatasetLink]]] = {  # as they are, but trained for less long
    "reranker": TREES,
    "gat": NETWORK,
    "gcn": lambda: NETWORK("gcn"),
    "no-messages": lambda: NETWORK(without=frozenset({"messages"})),
    "gat-reranker": lambda: Together([NETWORK, TREES]),
}
METHODS = {**linkers(), **_LIGHTER}


def trained(data: Subgraph | None = None) -> Subgraph:
    """The planted graph, in which every author trains all models on the same of three datasets of the family."""
    data = planted() if data is None else data
    names = tuple(f"set{f}/data-{f}-{i}" for f in range(FAMILIES) for i in range(SETS))
    children = np.arange(FAMILIES * BASES, len(data.nodes["Model"]))
    author = [int(data.nodes["Model"][row].split("/")[0].removeprefix("author")) for row in children.tolist()]
    return linked(data, names, np.stack([children, [a % FAMILIES * SETS + a // FAMILIES % SETS for a in author]]))


def linked(data: Subgraph, names: tuple[str, ...], pairs: IntArray) -> Subgraph:
    """`data` with these datasets alone."""
    vectors = np.random.default_rng(5).normal(size=(len(names), 16)).astype(np.float32)
    return replace(
        data,
        nodes={**data.nodes, "Dataset": names},
        edges={**data.edges, TRAINED: pairs},
        edge_times={**data.edge_times, TRAINED: data.times["Model"][pairs[0]]},
        features={**data.features, "Dataset": vectors},
    )


def tagged(data: Subgraph, pairs: IntArray) -> Subgraph:
    """`data` with a tag after each dataset; `pairs`: models and datasets after whose tag they are called."""
    triple = ("Model", "HAS_TAG", "Tag")
    tags = tuple(name.split("/")[1].replace("-", "_") for name in data.nodes["Dataset"])
    more = np.concatenate([data.edges[triple], pairs + np.array([[0], [len(data.nodes["Tag"])]])], axis=1)
    vectors = np.random.default_rng(6).normal(size=(len(tags), 16)).astype(np.float32)
    return replace(
        data,
        nodes={**data.nodes, "Tag": (*data.nodes["Tag"], *tags)},
        edges={**data.edges, triple: more},
        edge_times={**data.edge_times, triple: data.times["Model"][more[0]]},
        features={**data.features, "Tag": np.concatenate([data.features["Tag"], vectors])},
    )


def asked_of(data: Subgraph) -> DatasetLink:
    return dataset_link(data, history(as_of(data, moment_of(CUT))), END)


def scores_of(name: str, task: DatasetLink) -> np.ndarray:  # type: ignore[type-arg]
    method = METHODS[name]()
    task.fit(method, 0)
    return np.asarray(task.scores(method, slice(None)))


@pytest.fixture(scope="module")
def asked() -> DatasetLink:
    return asked_of(trained())


def test_questions_are_new_models_with_datasets_and_few_of_an_author(asked: DatasetLink) -> None:
    data = trained()
    of = dict(data.edges[TRAINED].T.tolist())
    assert len(asked.children) > 50
    assert (data.times["Model"][asked.children] >= CUT).all()
    authors = [name.split("/")[0] for name in asked.names]
    assert max(map(authors.count, authors)) == 5
    assert asked.kinds()["all"] == tuple((data.nodes["Dataset"][of[child]],) for child in asked.children.tolist())
    sooner = dataset_link(data, history(as_of(data, moment_of(CUT))), moment_of(CUT + 20))
    assert data.times["Model"][sooner.children].max() < CUT + 20
    assert 0 < len(sooner.children) < len(asked.children)


def test_all_datasets_of_a_model_are_right_and_new_ones_cannot_be_known(asked: DatasetLink) -> None:
    data = trained()
    child = int(asked.children[3])
    first = data.edges[TRAINED][:, data.edges[TRAINED][0] == child][1, 0]
    second = (first + 1) % (FAMILIES * SETS)
    more = np.array([[child, child], [second, FAMILIES * SETS]])
    names = (*data.nodes["Dataset"], "set9/new")
    task = asked_of(linked(data, names, np.concatenate([data.edges[TRAINED], more], axis=1)))
    where = task.children.tolist().index(child)
    assert set(task.kinds()["all"][where]) == {names[first], names[second], "set9/new"}
    assert set(task.kinds()["known"][where]) == {names[first], names[second]}
    assert "set9/new" not in task.items
    row, item = task.right(task.children)
    assert {task.items[i] for i in item[row == where].tolist()} == {names[first], names[second]}
    found = measured(rank("author", OwnEarlier(), task, 0), task)
    assert found["all mrr"][where] == 1.0  # the first right one counts
    assert task.about()["datasets of theirs"] == task.about()["of them known"] + 1


def test_what_only_newer_models_were_trained_on_is_a_leak() -> None:
    data = as_of(trained(), moment_of(CUT))
    with pytest.raises(Leak, match="set9/new"):
        history(linked(data, (*data.nodes["Dataset"], "set9/new"), data.edges[TRAINED]))


@pytest.mark.parametrize("name", METHODS)
def test_a_method_gives_numbers_the_same_ones_again(name: str, asked: DatasetLink) -> None:
    first, method = scores_of(name, asked), METHODS[name]()
    asked.fit(method, 0)
    assert first.shape == (len(asked.children), len(asked.items))
    assert np.isfinite(first).all()
    some = asked.children[[7, 2]]
    np.testing.assert_allclose(method.scores(some), first[[7, 2]], atol=1e-5)


@pytest.fixture(scope="module")
def before_and_after() -> tuple[DatasetLink, DatasetLink]:
    """The same questions, and where the new models were trained on others, were made from others, have other texts, and
    carry the names of their datasets as tags. Old models that name no dataset have such tags in both."""
    data, random = trained(), np.random.default_rng(3)
    late = data.times["Model"] >= CUT
    edges = {**data.edges}
    for triple, step in ((TRAINED, 5), (("Model", "BASED_ON", "Model"), 7)):
        pair = edges[triple].copy()
        moved = late[pair[0]]
        pair[1, moved] = (pair[1, moved] + step) % (FAMILIES * SETS)
        edges[triple] = pair
    texts = random.normal(size=data.features["Model"].shape).astype(np.float32)
    changed = replace(data, edges=edges, features={**data.features, "Model": texts})
    old = np.tile(np.arange(FAMILIES * SETS), (2, 1))
    new = edges[TRAINED][:, late[edges[TRAINED][0]]]
    return asked_of(tagged(data, old)), asked_of(tagged(changed, np.concatenate([old, new], axis=1)))


@pytest.mark.parametrize("name", METHODS)
def test_no_method_hears_of_the_answer(name: str, before_and_after: tuple[DatasetLink, DatasetLink]) -> None:
    first, second = before_and_after
    assert first.kinds() != second.kinds()
    np.testing.assert_array_equal(first.children, second.children)
    np.testing.assert_allclose(scores_of(name, first), scores_of(name, second), atol=1e-5)


def test_no_method_sees_a_text_that_names_datasets(asked: DatasetLink) -> None:
    for data in (asked.whole, asked.past.data):
        assert data.features["Model"].shape == (len(data.nodes["Model"]), 0)


def test_other_tags_stay(asked: DatasetLink) -> None:
    pair = asked.whole.edges["Model", "HAS_TAG", "Tag"]
    np.testing.assert_array_equal(pair, trained().edges["Model", "HAS_TAG", "Tag"])
    named = trained(replace(planted(), nodes={**planted().nodes, "Tag": ("set0/data-0-0", "x", "y", "z")}))
    kept = asked_of(named).whole.edges["Model", "HAS_TAG", "Tag"]
    own = {model for model, dataset in named.edges[TRAINED].T.tolist() if dataset == 0}
    assert {tuple(each) for each in pair.T.tolist()} - {tuple(each) for each in kept.T.tolist()} == {
        (model, 0) for model in own
    }


def test_the_planted_answer_is_found(asked: DatasetLink) -> None:
    judged = {each.method: each.measures for each in contest(asked, METHODS)}
    assert set(judged) == set(linkers())
    within = np.mean(1 / np.arange(1, SETS + 1))  # the family known, the dataset guessed
    for name in ("texts", "facts", "nearest-texts", "nearest-facts"):
        assert judged[name]["all mrr"] > 0.8 * within
    for name in ("popularity", "popularity-90-days", "popularity-30-days", "names"):
        assert judged[name]["all mrr"] < 0.8 * within
    for name in ("author", "transe", "complex", "reranker", "gat-reranker"):
        assert judged[name]["all mrr"] > 0.95
    for name in ("gat", "gcn", "no-messages"):
        assert judged[name]["all mrr"] > 0.85
    assert judged["mix"]["all mrr"] > 1.2 * within


def test_a_network_finds_the_family_by_messages_and_facts_alone(asked: DatasetLink) -> None:
    """Without numbers of pairs the two vectors have to find each other."""
    found = measured(rank("gat", NETWORK(without=frozenset({"pairs"}), epochs=10), asked, 0), asked)
    assert found["all mrr"].mean() > np.mean(1 / np.arange(1, SETS + 1))  # what the family alone would give


def test_a_model_of_two_datasets_teaches_both(asked: DatasetLink) -> None:
    data = trained()
    pair = data.edges[TRAINED]
    second = np.stack([pair[0], (pair[1] + 1) % (FAMILIES * SETS)])
    task = asked_of(linked(data, data.nodes["Dataset"], np.concatenate([pair, second], axis=1)))
    for each in moments(task, NUMBERS):
        known = each.candidates[each.true]
        right = set(zip(each.children[each.asked[each.true]].tolist(), known.tolist(), strict=True))
        links = {tuple(link) for link in task.past.data.edges[TRAINED].T.tolist()}
        assert right <= links
        assert len(right) == len(known) > 1.5 * len(each.children)
        assert not each.stands_for[each.true].any()


def test_names_that_repeat_the_dataset_find_it(asked: DatasetLink) -> None:
    data = trained()
    names = list(data.nodes["Model"])
    for model, dataset in data.edges[TRAINED].T.tolist():
        names[model] = f"{names[model].split('/')[0]}/{data.nodes['Dataset'][dataset].split('/')[1]}-{model}"
    named = asked_of(replace(data, nodes={**data.nodes, "Model": tuple(names)}))
    for method in (Names(), Profile("names"), Nearest("names")):
        assert measured(rank("names", method, named, 0), named)["all mrr"].mean() > 0.9


def test_numbers_are_what_they_are_worked_out_one_by_one(asked: DatasetLink) -> None:
    data, child = trained(), int(asked.children[0])
    old = [(m, d) for m, d in data.edges[TRAINED].T.tolist() if data.times["Model"][m] < CUT]
    wanted = np.zeros((4, len(asked.items)))
    author = data.nodes["Model"][child].split("/")[0]
    for model, dataset in old:
        column = asked.items.index(data.nodes["Dataset"][dataset])
        age = CUT - data.times["Model"][model]
        wanted[0, column] += 1
        wanted[1, column] += age <= 90
        wanted[2, column] += (data.nodes["Model"][model].split("/")[0] == author) * 0.5 ** (age / 60)
    tag = dict(data.edges["Model", "HAS_TAG", "Tag"].T.tolist())
    for model, dataset in old:  # with one fact each, models are alike or not at all
        wanted[3, asked.items.index(data.nodes["Dataset"][dataset])] += tag[model] == tag[child]
    methods = (Children(), Children(window=90), OwnEarlier(), Nearest("facts", 1_000))
    for method, expected in zip(methods, wanted, strict=True):
        method.fit(asked, 0)
        found = method.scores(np.array([child]))[0]
        assert found == pytest.approx(expected if isinstance(method, Nearest) else np.log1p(expected), abs=1e-4)
    nearest = Nearest("facts", 1)
    nearest.fit(asked, 0)
    assert nearest.scores(np.array([child])).sum() == pytest.approx(1.0)
    assert (data.times["Model"][witnesses(asked).rows] < CUT).all()


def test_without_anything_to_learn_from_it_says_so() -> None:
    data = trained()
    pair = data.edges[TRAINED]
    late = linked(data, data.nodes["Dataset"], pair[:, data.times["Model"][pair[0]] >= CUT - 1])
    early = replace(asked_of(late), past=history(as_of(late, moment_of(CUT))))
    for method in (Mix({"popularity": Children}), TraceRanker(NUMBERS), TraceNetwork(NUMBERS)):
        with pytest.raises(BadInput, match="later --cut"):
            early.fit(method, 0)
