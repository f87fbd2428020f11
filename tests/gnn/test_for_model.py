"""Recommendations for a model, on a planted answer: who builds on a base of a family builds on its other bases next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from planted import BASES, FAMILIES, planted

from gnn.messages import builds
from gnn.ranking import for_model as module
from gnn.ranking.contest import contest, rank
from gnn.ranking.for_model import FEWEST_AUTHORS, ForModel, for_model, model_methods
from gnn.ranking.linear import EASE
from gnn.ranking.methods import Popularity
from gnn.ranking.neighbours import Facts, Kinship, Rows, Texts
from gnn.ranking.past import as_of, facts_of, moment_of, owner
from gnn.ranking.task import History, history
from graph.types import Subgraph

CUT = 330.0
FAR = datetime(2100, 1, 1, tzinfo=timezone.utc)
METHODS = model_methods()
PERSONAL = [name for name in METHODS if "popularity" not in name]


def spread() -> Subgraph:
    """The planted graph, but the bases of a family are of four owners, and all made from the first of them."""
    data = planted()
    count = FAMILIES * BASES
    owners = [(f + i) % FAMILIES for f in range(FAMILIES) for i in range(BASES)]
    names = [f"org{who}/{name.split('/')[1]}" for who, name in zip(owners, data.nodes["Model"], strict=False)]
    published, lineage = data.edges["Model", "PUBLISHED_BY", "Author"], data.edges["Model", "BASED_ON", "Model"]
    kin = np.array([(row, row - row % BASES) for row in range(count) if row % BASES], dtype=np.int64).T
    edges = {
        **data.edges,
        ("Model", "PUBLISHED_BY", "Author"): np.concatenate([[np.arange(count), owners], published[:, count:]], axis=1),
        ("Model", "BASED_ON", "Model"): np.concatenate([kin, lineage], axis=1),
    }
    return replace(
        data,
        nodes={**data.nodes, "Model": (*names, *data.nodes["Model"][count:])},
        edges=edges,
        edge_times={triple: data.times["Model"][pair[0]] for triple, pair in edges.items()},
    )


@pytest.fixture(scope="module")
def past() -> History:
    return history(as_of(spread(), moment_of(CUT)))


@pytest.fixture(scope="module")
def asked(past: History) -> ForModel:
    return for_model(spread(), past, FAR)


def test_the_truth_is_what_its_builders_built_on_next(asked: ForModel) -> None:
    data = spread()
    first: dict[str, dict[str, float]] = {}
    for author, base, day in zip(*builds(data), strict=True):
        first.setdefault(data.nodes["Author"][author], {})[data.nodes["Model"][base]] = float(day)
    wanted: dict[str, set[str]] = {}
    for model in asked.items:
        next_ = [
            {base for base, day in days.items() if day >= CUT and owner(base) != owner(model)}
            for days in first.values()
            if days.get(model, CUT) < CUT
        ]
        if sum(map(bool, next_)) >= FEWEST_AUTHORS:
            wanted[model] = set().union(*next_)
    assert dict(zip(asked.names, map(set, asked.truths), strict=True)) == wanted
    assert len(wanted) > 10


def test_only_the_past_is_ranked_and_nothing_of_the_owner(asked: ForModel) -> None:
    for name, ranked in zip(asked.names, rank("ease", Rows(EASE()), asked, 0).ranked, strict=True):
        assert name not in ranked
        assert set(ranked) == {each for each in asked.items if owner(each) != owner(name)}


def test_one_persons_taste_is_no_truth(past: History, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    for fewest in (1, FEWEST_AUTHORS, 6, 1_000):
        monkeypatch.setattr(module, "FEWEST_AUTHORS", fewest)
        sizes.append(len(for_model(spread(), past, FAR).models))
    assert sizes[0] >= sizes[1] > sizes[2] > sizes[3] == 0


def test_at_most_so_many_are_asked_about_drawn_by_seed(past: History, monkeypatch: pytest.MonkeyPatch) -> None:
    all_ = for_model(spread(), past, FAR)
    monkeypatch.setattr(module, "MOST", 5)
    first, again, other = (for_model(spread(), past, FAR, seed) for seed in (0, 0, 1))
    assert first.names == again.names != other.names
    assert len(first.names) == 5
    whole = dict(zip(all_.names, all_.truths, strict=True))
    assert all(whole[name] == truth for name, truth in zip(first.names, first.truths, strict=True))


@pytest.mark.parametrize("name", METHODS)
def test_a_method_gives_numbers_the_same_ones_again(name: str, past: History) -> None:
    models = np.array([3, 0])
    found = []
    for each in (models, models[::-1]):
        method = METHODS[name]()
        method.fit(past, 0)
        found.append(method.scores(each))
    assert found[0].shape == (2, len(past.items))
    assert np.isfinite(found[0]).all()
    assert found[0] == pytest.approx(found[1][::-1], abs=1e-5)
    assert isinstance(METHODS[name]().seeded, bool)


@pytest.mark.parametrize("name", PERSONAL)
def test_the_planted_answer_is_found(name: str, asked: ForModel) -> None:
    shares = {}
    for each in (rank(name, METHODS[name](), asked, 0), rank("popularity", Popularity(), asked, 0)):
        firsts = [ids[0].split("-")[1] for ids in each.ranked]
        families = [name.split("-")[1] for name in asked.names]
        shares[each.method] = np.mean([a == b for a, b in zip(families, firsts, strict=True)])
    assert shares[name] > 0.9
    assert shares["popularity"] < 0.5


def test_a_contest_orders_them(asked: ForModel) -> None:
    judged = contest(asked, METHODS)
    assert len(judged) == len(METHODS)
    assert judged[0].method in PERSONAL
    assert judged[-1].measures["warm ndcg@20"] < judged[0].measures["warm ndcg@20"]
    assert asked.about()["models"] == len(asked.names)


def test_rows_are_what_an_author_of_one_base_would_get(past: History) -> None:
    linear = EASE()
    method = Rows(linear)
    method.fit(past, 0)
    one = int(past.author[0])
    built = past.item[past.author == one]
    assert linear.scores(np.array([one]))[0] == pytest.approx(method.scores(built).sum(axis=0), abs=1e-5)


def test_likeness_is_what_it_says(past: History) -> None:
    data = past.data
    facts = facts_of(data, data)[past.item_rows].toarray()
    made: dict[int, set[int]] = {row: {row} for row in range(len(data.nodes["Model"]))}
    for child, base in data.edges["Model", "BASED_ON", "Model"].T.tolist():
        made[child].add(base)
    found = []
    for each in (Facts(), Kinship(), Texts()):
        each.fit(past, 0)
        found.append(each.scores(np.array([1]))[0])
    for item, row in enumerate(past.item_rows.tolist()):
        both, either = (how(facts[1], facts[item]).sum() for how in (np.minimum, np.maximum))
        assert found[0][item] == pytest.approx(both / either, abs=1e-5)
        mine, other = made[int(past.item_rows[1])], made[row]
        assert found[1][item] == pytest.approx(len(mine & other) / len(mine | other))
        text, against = (data.features["Model"][each] for each in (past.item_rows[1], row))
        cosine = text @ against / np.linalg.norm(text) / np.linalg.norm(against)
        assert found[2][item] == pytest.approx(cosine, abs=1e-5)
