"""The control of popularity: what it does to an order, what it says of a score, and how it is counted."""

from __future__ import annotations

from datetime import datetime, timezone

import numpy as np
import pytest
from planted import planted

from gnn.ranking.contest import Ranking, rank
from gnn.ranking.factors import Factors
from gnn.ranking.linear import EASE
from gnn.ranking.methods import Method, Popularity
from gnn.ranking.novelty import CONTROL, PopularityShare, at_strengths, controlled, median_ranks, method_of
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.task import BuiltNext, History, built_next, history

STRENGTHS = (-1.0, 0.0, 0.5, 1.0)


@pytest.fixture(scope="module")
def past() -> History:
    return history(as_of(planted(), moment_of(330.0)))


@pytest.fixture(scope="module")
def asked(past: History) -> BuiltNext:
    return built_next(planted(), past, datetime(2100, 1, 1, tzinfo=timezone.utc))


def test_a_share_is_of_what_was_built_in_the_last_30_days(past: History) -> None:
    method = PopularityShare()
    method.fit(past, 0)
    recent = np.bincount(past.item[past.ages <= 30], minlength=len(past.items))
    assert 0 < recent.sum() < len(past.item)
    scores = method.scores(np.array([0, 1]))
    share = recent / recent.sum()
    assert scores.shape == (2, len(past.items))
    assert scores[1] == pytest.approx(np.log(share + 1e-4) - np.log(1 / len(past.items) + 1e-4), abs=1e-5)
    assert (scores[0] > 0).tolist() == (share > 1 / len(past.items)).tolist()


def test_the_stronger_the_control_the_less_popular_is_what_is_shown(asked: BuiltNext) -> None:
    made = at_strengths({"ease": EASE}, STRENGTHS)
    assert list(made) == ["ease", "ease novelty -1", "ease novelty 0.5", "ease novelty 1"]
    assert {method_of(name) for name in made} == {"ease"}
    lists = {name: rank(name, make(), asked, 0).ranked for name, make in made.items()}
    assert lists["ease"] == rank("ease", EASE(), asked, 0).ranked
    share = PopularityShare()
    share.fit(asked.history, 0)
    popular = dict(zip(asked.items, share.scores(np.array([0]))[0].tolist(), strict=True))
    shown = {name: np.mean([popular[each] for row in found for each in row[:3]]) for name, found in lists.items()}
    assert shown["ease novelty -1"] > shown["ease"] > shown["ease novelty 0.5"] > shown["ease novelty 1"]


def test_shares_add_up_with_one_that_is_the_control(past: History) -> None:
    method = controlled(EASE, 0.5)
    method.fit(past, 0)
    scores = method.scores(np.array([2]))[0]
    said = [method.explain(2, item) for item in range(len(past.items))]
    assert [sum(share for _, share in each) for each in said] == pytest.approx(scores.tolist(), abs=1e-4)
    assert all([name for name, _ in each].count(CONTROL) == 1 for each in said)
    share = PopularityShare()
    share.fit(past, 0)
    popular = share.scores(np.array([2]))[0]
    control = np.array([dict(each)[CONTROL] for each in said])
    assert control == pytest.approx(-0.5 * popular / popular.std(), abs=1e-4)


def test_a_method_is_fitted_once_a_seed_for_all_strengths(past: History) -> None:
    fits = []

    class Counted(EASE):
        seeded = True

        def fit(self, past: History, seed: int) -> None:
            fits.append(seed)
            super().fit(past, seed)

    for make in at_strengths({"counted": Counted}, STRENGTHS).values():
        method = make()
        assert method.seeded
        for _ in range(2):
            method.fit(past, 0)
            method.scores(np.array([0]))
    assert fits == [0]


def test_only_what_draws_is_drawn_again() -> None:
    def seeded(make: type[Method] | object) -> set[bool]:
        return {each().seeded for each in at_strengths({"method": make}, STRENGTHS).values()}  # type: ignore[dict-item]

    assert seeded(Popularity) == {False}
    assert seeded(lambda: Factors("als")) == {True}


def test_the_median_rank_is_over_all_places(past: History) -> None:
    counts = np.bincount(past.item, minlength=len(past.items))
    order = np.argsort(-counts, kind="stable")
    ids = tuple(past.items[i] for i in order.tolist())
    scores = ((0.0,) * 3,)
    found = median_ranks(
        [
            Ranking("first", 0, (ids[:3],), scores),
            Ranking("two", 0, (ids[:3],), scores),
            Ranking("two", 1, (ids[-2:], ()), scores),
            Ranking("none", 0, ((),), ((),)),
        ],
        past,
    )
    ranks = [1 + int((counts > counts[i]).sum()) for i in order.tolist()]
    assert found["first"] == np.median(ranks[:3])
    assert found["two"] == np.median([*ranks[:3], *ranks[-2:]])
    assert np.isnan(found["none"])
