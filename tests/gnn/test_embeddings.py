"""Embeddings of a knowledge graph on a planted graph: which triples they learn from, and how a triple is scored."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from planted import BASES, FAMILIES, planted
from test_datasets import asked_of as asked_datasets
from test_datasets import trained
from test_tracers import CUT, asked_of

from gnn.ranking.embeddings import ComplEx, Embeddings, TransE, cross_entropy
from gnn.ranking.newcomers import NewModels
from gnn.ranking.triples import Triples, triples
from graph.errors import BadInput
from graph.types import Subgraph

os.environ.setdefault("DGLBACKEND", "pytorch")

LINEAGE = ("Model", "BASED_ON", "Model")
TAGGED = ("Model", "HAS_TAG", "Tag")
HEADS, RELATIONS, TAILS = (torch.randn(n, 6, generator=torch.Generator().manual_seed(n)) for n in (4, 3, 5))


def with_edges(data: Subgraph, **pairs: np.ndarray) -> Subgraph:  # type: ignore[type-arg]
    """`data` with other pairs of some relationships."""
    edges = {triple: pairs.get(triple[1], pair) for triple, pair in data.edges.items()}
    times = {triple: data.times["Model"][pair[0]] for triple, pair in edges.items()}
    return replace(data, edges=edges, edge_times=times)


def known(task: NewModels) -> dict[tuple[str, str, str], int]:
    """How many triples there are of each relationship."""
    found = triples(task)
    counts = np.bincount(found.relation, minlength=found.relations)
    names = [*task.whole.edges, ("Author", *task.link[1:])]
    return {name: int(count) for name, count in zip(names, counts, strict=True)}


def same(first: Triples, second: Triples) -> bool:
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in Triples.__slots__)


def test_transe_scores_as_dgls_layer_does() -> None:
    from dgl.nn.pytorch import TransE as Layer

    layer = Layer(num_rels=len(RELATIONS), feats=6, p=2)
    layer.rel_emb.weight.data = RELATIONS
    geometry = TransE()
    for number, relation in enumerate(RELATIONS):
        found = geometry.scores(geometry.moved(HEADS, relation), TAILS)
        pairs = HEADS.repeat_interleave(len(TAILS), 0), TAILS.repeat(len(HEADS), 1)
        wanted = layer(*pairs, torch.full((len(pairs[0]),), number))
        torch.testing.assert_close(found.flatten(), wanted, atol=1e-5, rtol=1e-5)


def test_complex_scores_as_complex_numbers_do() -> None:
    geometry = ComplEx()
    head, relation, tail = (each[:, :3].numpy() + 1j * each[:, 3:].numpy() for each in (HEADS, RELATIONS, TAILS))
    for number in range(len(RELATIONS)):
        found = geometry.scores(geometry.moved(HEADS, RELATIONS[number]), TAILS)
        wanted = np.einsum("hd,d,td->ht", head, relation[number], tail.conj()).real
        np.testing.assert_allclose(found.numpy(), wanted, atol=1e-5)
    np.testing.assert_allclose(geometry.norm(HEADS).numpy(), (np.abs(head) ** 3).sum(axis=1), rtol=1e-4)


def test_triples_are_what_was_known_and_matters() -> None:
    data = planted()
    task = asked_of(data)
    born = data.times["Model"]
    child, base = data.edges[LINEAGE]
    old = born[child] < CUT
    models = np.union1d(np.union1d(child[old], base[old]), task.children)
    found, counts = triples(task), known(task)
    assert counts[LINEAGE] == old.sum()
    assert counts[TAGGED] == len(models)  # each has one
    assert (np.flatnonzero(found.models >= 0) == models).all()
    of = found.relation == found.link
    entity = {int(number): row for row, number in enumerate(found.models) if number >= 0}
    pairs = {(entity[h], entity[t]) for h, t in zip(found.head[of].tolist(), found.tail[of].tolist(), strict=True)}
    assert pairs == {*zip(child[old].tolist(), base[old].tolist(), strict=True)}
    assert [entity[number] for number in found.candidates.tolist()] == task.candidates.tolist()
    authors = [data.nodes["Model"][row].split("/")[0] for row in child[old].tolist()]
    shared = {name for name in authors if [data.nodes["Model"][m].split("/")[0] for m in models].count(name) > 1}
    built = {(name, to) for name, to in zip(authors, base[old].tolist(), strict=True) if name in shared}
    assert counts["Author", "BASED_ON", "Model"] == len(built)


def test_what_is_younger_than_the_cut_does_not_matter() -> None:
    data = planted()
    task = asked_of(data)
    asked, others = task.children[::2], task.children[1::2]
    moved, tags = data.edges[LINEAGE].copy(), data.edges[TAGGED].copy()
    moved[1, data.times["Model"][moved[0]] >= CUT] = 3
    tags[1, np.isin(tags[0], others)] = 0
    changed = with_edges(data, BASED_ON=moved, HAS_TAG=tags)
    first, second = (replace(task, whole=each, children=asked) for each in (data, changed))
    assert same(triples(first), triples(second))
    tags[1, np.isin(tags[0], asked)] = 0
    own = with_edges(data, HAS_TAG=tags)
    assert not same(triples(first), triples(replace(first, whole=own)))  # what new models are asked by does


def test_facts_of_one_model_or_of_new_ones_alone_are_left_out_and_the_rarest_stay() -> None:
    data = planted()
    task = asked_of(data)
    count, first = len(task.children), len(data.nodes["Tag"])
    many = np.stack([np.repeat(np.arange(24), 20), np.tile(np.arange(first, first + 20), 24)])
    few = np.stack([np.tile(np.arange(24), 2)[:40], np.repeat(np.arange(first + 20, first + 40), 2)])
    lone, new = np.array([[24], [first + 40]]), np.stack([task.children, np.full(count, first + 41)])
    tags = (*data.nodes["Tag"], *(f"more-{i}" for i in range(42)))
    tagged = np.concatenate([data.edges[TAGGED], many, few, lone, new], axis=1)
    features = {**data.features, "Tag": np.zeros((len(tags), 16), np.float32)}
    more = with_edges(replace(data, nodes={**data.nodes, "Tag": tags}, features=features), HAS_TAG=tagged)
    counts = known(replace(task, whole=more))
    assert counts[TAGGED] - known(task)[TAGGED] == 24 * 16 - 24
    found = triples(replace(task, whole=more))
    of = found.relation == [*more.edges].index(TAGGED)
    had = np.unique(found.tail[of], return_counts=True)[1]
    assert (had == 2).sum() == 20  # the rare ones, and of the others what is left
    assert counts[LINEAGE] == known(task)[LINEAGE]


def test_datasets_of_authors_are_known_and_those_of_new_models_are_not() -> None:
    task = asked_datasets(trained())
    model, dataset = task.whole.edges[task.link]
    old = task.whole.times["Model"][model] < CUT
    counts = known(task)
    assert counts[task.link] == old.sum()
    assert counts[LINEAGE] == 0  # the bases name no dataset
    assert 0 < counts["Author", "TRAINED_ON", "Dataset"] <= 40
    assert len(triples(task).candidates) == len(np.unique(dataset[old]))


def test_what_is_drawn_stands_for_all() -> None:
    true, others = torch.tensor([0.5, -1.0]), torch.tensor([[1.0, -2.0], [0.0, 0.3]])
    found = cross_entropy(true, others, 3.0)
    wanted = torch.cat([true[:, None], others.repeat(1, 3)], 1).log_softmax(1)[:, 0]
    torch.testing.assert_close(found, -wanted)


@pytest.mark.parametrize("geometry", [TransE(), ComplEx()])
def test_a_few_drawn_ends_are_enough(geometry: TransE | ComplEx) -> None:
    """With less to compare with, and what is left drawn by chance, the family is found all the same."""
    task = asked_of(planted())
    method = Embeddings(geometry, size=32, negatives=3, epochs=30, batch=64)
    task.fit(method, 0)
    scores = method.scores(task.children)
    family = np.arange(FAMILIES * BASES) // BASES
    assert (family[task.candidates[scores.argmax(axis=1)]] == family[task.bases]).mean() > 0.9


def test_without_a_link_before_the_cut_it_says_so() -> None:
    data = planted()
    pair = data.edges[LINEAGE]
    task = asked_of(with_edges(data, BASED_ON=pair[:, data.times["Model"][pair[0]] >= CUT]))
    with pytest.raises(BadInput, match="later --cut"):
        task.fit(Embeddings(ComplEx()), 0)
