"""What methods learn from of authors: earlier moments, what stands high then, and what is drawn for all the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from planted import planted

from gnn.ranking import moments as module
from gnn.ranking.features import PAIR_FEATURES, Features
from gnn.ranking.moments import Moment, moments
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.rerank import _of_moment
from gnn.ranking.sampling import beside, softmax_loss
from gnn.ranking.task import History, history

CUT = 450.0


@pytest.fixture(scope="module")
def past() -> History:
    """The first 60 models are made from nothing, so that there are authors who have built on nothing yet."""
    data, triple = planted(), ("Model", "BASED_ON", "Model")
    edges = {**data.edges, triple: data.edges[triple][:, 60:]}
    edge_times = {**data.edge_times, triple: data.edge_times[triple][60:]}
    return history(as_of(replace(data, edges=edges, edge_times=edge_times), moment_of(CUT)))


@pytest.fixture
def found(past: History, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sequence[Moment]]:
    """One stands high by each number and three others are drawn, of 24 items; at most twelve authors a moment."""
    for name, value in (("_DEPTH", 1), ("_OTHERS", 3), ("_ASKED", 12)):
        monkeypatch.setattr(module, name, value)
    moments.cache_clear()
    yield moments(past, 8, 30.0, 60.0)
    moments.cache_clear()


def test_a_moment_holds_what_came_true_beside_items_that_stand_for_all(past: History, found: Sequence[Moment]) -> None:
    first = {(past.authors[a], past.items[i]): d for a, i, d in zip(past.author, past.item, past.day, strict=True)}
    drawn = unlikely = 0
    for number, each in enumerate(found):
        assert each.start == CUT - 60.0 - 30.0 * number
        assert 0 < len(each.authors) <= 12
        for place, author in enumerate(each.authors):
            mine = each.asked == place
            columns = each.column[mine]
            had = {item for (who, item), day in first.items() if who == author and day < each.start}
            came = {i for (who, i), day in first.items() if who == author and each.start <= day < each.start + 60}
            assert bool(had) == each.builders[place]
            assert {each.items[column] for column in columns[each.true[mine]].tolist()} == came & set(each.items)
            names = [each.items[column] for column in columns.tolist()]
            assert len(set(names)) == len(names)
            assert not set(names) & had
            left = len(set(each.items) - had)
            assert np.exp(each.stands_for[mine]).sum() == pytest.approx(left, rel=1e-5)
            drawn += int((each.stands_for[mine] > 0).sum())
        unlikely += int((each.true & ~each.likely).sum())
        assert not each.stands_for[each.true | each.likely].any()
    assert drawn > 50
    assert unlikely > 10


def test_numbers_are_as_they_were_at_the_moment(past: History, found: Sequence[Moment]) -> None:
    each = found[2]
    then = history(as_of(past.data, moment_of(each.start)))
    rows = np.array([then.data.nodes["Author"].index(name) for name in each.authors])
    features = Features(then)
    whole = features.pairs(rows)[each.asked, each.column]
    assert whole.shape[1] == len(PAIR_FEATURES)
    np.testing.assert_allclose(whole, each.numbers, atol=0.02, rtol=0.002)
    np.testing.assert_array_equal(features.authors(rows), each.author_features)
    np.testing.assert_array_equal(features.items, each.item_features)


def test_those_who_had_built_on_something_come_first(past: History, found: Sequence[Moment]) -> None:
    pairs = [(past.authors[a], past.items[i], d) for a, i, d in zip(past.author, past.item, past.day, strict=True)]
    left = 0
    for each in found:
        had = {who for who, _, day in pairs if day < each.start}
        came = {who for who, item, day in pairs if each.start <= day < each.start + 60 and item in each.items}
        assert each.builders.sum() == min(12, len(had & came))
        left += len(had & came) < 12 < len(came)
    assert left  # some moments have room for others, and more than fit


def test_trees_learn_from_who_had_built_unless_others_are_asked_about(found: Sequence[Moment]) -> None:
    newcomers = 0
    for each in found:
        some, all_ = (len(list(_of_moment(each, everyone))) for everyone in (False, True))
        answered = np.unique(each.asked[each.true & each.likely])
        assert some == each.builders[answered].sum()
        assert all_ == len(answered)
        newcomers += all_ - some
    assert newcomers > 1


def test_what_is_drawn_stands_for_what_is_not() -> None:
    high, allowed = np.zeros((2, 50), bool), np.ones((2, 50), bool)
    high[0, [3, 7]] = True
    allowed[0, :3] = allowed[1, 4:] = False
    query, column, stands_for = beside(high, allowed, 9, np.random.default_rng(0))
    assert column[query == 0][:2].tolist() == [3, 7]
    assert len(column[query == 0]) == 11
    assert sorted(column[query == 1].tolist()) == [0, 1, 2, 3]  # all that there are
    assert np.exp(stands_for[query == 0]) == pytest.approx([1.0] * 2 + [45 / 9] * 9)
    assert not stands_for[query == 1].any()


def test_the_loss_is_cross_entropy_among_what_is_not_true() -> None:
    random = np.random.default_rng(0)
    logits, true = random.normal(size=(3, 6)) * 3, np.zeros((3, 6), bool)
    true[0, [1, 4]] = true[1, 0] = True  # nothing is true of the third
    weights = np.zeros((3, 6))
    weights[:, 5] = np.log(4)
    expected = []
    for row, column in np.argwhere(true).tolist():
        others = np.exp(logits[row] + weights[row])[~true[row]].sum()
        expected.append(-np.log(np.exp(logits[row, column]) / (np.exp(logits[row, column]) + others)))
    pairs = torch.from_numpy(np.repeat(np.arange(3), 6))
    given = (torch.from_numpy(each.ravel()) for each in (logits.astype(np.float32), weights.astype(np.float32)))
    found = softmax_loss(*given, pairs, torch.from_numpy(true.ravel()), 3)
    assert float(found) == pytest.approx(np.mean(expected), abs=1e-5)


def test_the_loss_of_who_built_on_all_there_is_is_a_number() -> None:
    logits = torch.zeros(2, requires_grad=True)
    loss = softmax_loss(logits, torch.zeros(2), torch.zeros(2, dtype=torch.int64), torch.ones(2, dtype=torch.bool), 1)
    loss.backward()  # type: ignore[no-untyped-call]
    assert float(loss.detach()) == pytest.approx(0.0, abs=1e-5)
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
