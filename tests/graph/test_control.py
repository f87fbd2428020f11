"""The control of popularity on a small real graph: what it adds is worked out apart, told, and brings other models."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from small import START, comparable, dense, records

from graph.advice import ADVICE_NUMBERS, ADVICE_REASONS, Advice, AdviceList, store
from graph.database import Database
from graph.errors import BadInput
from graph.novelty import Control, control
from graph.recommend import recommend, recommend_for_author, recommend_for_liked
from graph.slots import ADVICE_METHOD
from graph.types import Answer, ModelCard, Run

DOWNLOADS = {each.id: each.downloads for each in records()}
MINE = "google/bert-base"


def shares(scores: dict[str, float], novelty: float) -> dict[str, float]:
    """What the control adds to each of the models that are compared."""
    logs = {id: float(np.log1p(n)) for id in scores if (n := DOWNLOADS[id]) is not None}
    unit = novelty * np.std(list(scores.values())) / np.std(list(logs.values()))
    middle = np.mean(list(logs.values()))
    return {id: float(unit * (middle - logs[id])) if id in logs else 0.0 for id in scores}


def check(db: Database, answer: Answer, scores: dict[str, float], novelty: float) -> None:
    added = shares(scores, novelty)
    assert answer.query["novelty"] == novelty
    for each in answer.recommendations:
        id = each.model.id
        assert each.score == pytest.approx(scores[id] + added[id], abs=1e-4)
        assert sum(reason.contribution or 0.0 for reason in each.reasons) == pytest.approx(each.score, abs=1e-4)
        told = [reason for reason in each.reasons if reason.text.startswith("It is used by ")]
        assert len(told) == (novelty != 0.0 and DOWNLOADS[id] is not None)
        for reason in told:
            assert reason.contribution == pytest.approx(added[id], abs=1e-5)
            (row,) = db.ask(reason.cypher, dict(reason.params)).rows
            assert row[0] == DOWNLOADS[id]
            assert row[2] == pytest.approx(added[id], abs=1e-5)
    found = [each.score for each in answer.recommendations]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("novelty", [-1.0, -0.3, 0.0, 1.0])
@pytest.mark.parametrize("reasons", ["first", "all"])
def test_the_score_of_a_model_holds_what_the_control_adds(
    small: Database, run: Run, novelty: float, reasons: str
) -> None:
    near = sorted(comparable([MINE]), key=lambda id: -dense(run, [MINE], id, terms=()))
    scores = {id: dense(run, [MINE], id) for id in near[:120]}
    answer = recommend(small, [MINE], k=20, novelty=novelty, reasons=reasons)
    check(small, answer, scores, novelty)
    if reasons == "first":
        assert all(len(each.reasons) <= 4 for each in answer.recommendations)
    if novelty > 0:
        best = max(scores, key=lambda id: scores[id] + shares(scores, novelty)[id])
        assert answer.recommendations[0].model.id == best


def test_hidden_gems_come_up_and_the_well_trodden_go(small: Database) -> None:
    def used(novelty: float) -> float:
        found = recommend(small, [MINE], k=10, novelty=novelty).recommendations
        return float(np.mean([np.log1p(each.model.downloads or 0) for each in found]))

    assert used(-1.0) >= used(0.0) > used(1.0)
    texts = [r.text for each in recommend(small, [MINE], k=50, novelty=1).recommendations for r in each.reasons]
    assert any(text.startswith("It is used by few: ") and "in the last month" in text for text in texts)


def test_the_control_of_all_lists_is_the_same(small: Database, run: Run) -> None:
    others = [id for id in DOWNLOADS if not id.startswith("st/")]
    scores = {id: dense(run, ["st"], id, "Author") for id in others}
    check(small, recommend_for_author(small, "st", method="gat", k=30, novelty=0.5), scores, 0.5)

    liked = [MINE, "other/vision"]
    near = sorted(comparable(liked), key=lambda id: -dense(run, liked, id, terms=()))
    answer = recommend_for_liked(small, liked, k=10, novelty=0.5)
    check(small, answer, {id: dense(run, liked, id) for id in near[:120]}, 0.5)

    wanted = {"st/mpnet": 0.8, "google/bert-base": 0.7, "other/vision": 0.6, "maker0/tune-0": 0.5}
    links = [{"id": id, "score": score, "rank": n} for n, (id, score) in enumerate(wanted.items(), start=1)]
    small.write_rows("similar/link", [{"id": "other/Twin", "links": links}], method="cosine")
    answer = recommend(small, ["other/Twin"], method="cosine", k=4, novelty=1.0)
    check(small, answer, wanted, 1.0)
    assert [each.model.id for each in answer.recommendations] != list(wanted)


def test_lists_that_are_stored_for_authors_are_ordered_anew(small: Database) -> None:
    bases = ("google/bert-base", "meta/Llama-8B", "st/mpnet", "other/vision")
    given = np.zeros((4, len(ADVICE_REASONS)), np.float32)
    given[:, 1:4] = [[3.0, 1.0, 0.5], [2.9, 1.0, 0.4], [2.8, 1.0, 0.3], [2.7, 1.0, 0.2]]
    numbers = np.ones((4, len(ADVICE_NUMBERS)), np.float32)
    lists = [AdviceList("maker0", bases, given.sum(axis=1), given, numbers)]
    moment = START + timedelta(days=41)
    store(small, Advice("gat-reranker-x", ADVICE_METHOD, moment, moment, 200, 4, ("maker0",), lists, {}))
    scores = dict(zip(bases, given.sum(axis=1).tolist(), strict=True))
    for novelty, order in ((0.0, bases), (1.0, (bases[0], bases[3], bases[1], bases[2])), (-1.0, bases)):
        answer = recommend_for_author(small, "maker0", k=4, novelty=novelty)
        assert answer.method == ADVICE_METHOD
        check(small, answer, scores, novelty)
        assert tuple(each.model.id for each in answer.recommendations) == order


def test_what_has_no_downloads_or_no_rival_stays_as_it_is() -> None:
    def card(downloads: int | None) -> ModelCard:
        return ModelCard("a/b", "b", downloads=downloads)

    assert control(1.0, [card(5)], [1.0]) == control(0.0, [card(5), card(9)], [1.0, 2.0]) == Control(0.0, 0.0)
    assert control(1.0, [card(None), card(None)], [1.0, 2.0]) == Control(0.0, 0.0)
    some = control(1.0, [card(None), card(5), card(500)], [1.0, 2.0, 3.0])
    assert (some.share(card(None)), some.reasons(card(None))) == (0.0, ())
    assert some.share(card(5)) == pytest.approx(-some.share(card(500)))
    assert not Control(0.0, 0.0).reasons(card(5))


@pytest.mark.parametrize("novelty", [-1.01, 2.0, float("nan")])
def test_a_strength_out_of_range_is_told(small: Database, novelty: float) -> None:
    with pytest.raises(BadInput, match=r"novelty is .*") as told:
        recommend(small, [MINE], novelty=novelty)
    assert "from -1" in told.value.hint
    for ask, of in ((recommend_for_liked, [MINE]), (recommend_for_author, "st")):
        with pytest.raises(BadInput, match="novelty"):
            ask(small, of, novelty=novelty)  # type: ignore[operator]
