"""Lists of authors, stored and read on a small real graph: never half, with reasons that add up, and filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from small import START, fill, record

from graph.advice import ADVICE_NUMBERS, ADVICE_REASONS, Advice, AdviceList, lasts, store
from graph.database import Database
from graph.deletions import mark_deleted
from graph.errors import BadInput, NotBuilt
from graph.filters import Filters
from graph.load import load_models
from graph.recommend import recommend, recommend_for_author
from graph.slots import ADVICE_METHOD
from graph.text import DIMENSIONS
from graph.types import FACT_LABELS, Answer
from hfmrs.build import _advise
from hfmrs.settings import Settings

_numbers = count()

BASES = ("meta/Llama-8B", "google/bert-base", "st/mpnet", "other/vision")


@pytest.fixture(scope="module")
def small(module_any_db: Database) -> Database:
    fill(module_any_db)
    return module_any_db


def advice() -> Advice:
    """Two lists under an id of their own."""
    number = next(_numbers)
    random = np.random.default_rng(number)
    authors = ("maker0", "maker1")
    lists = []
    for author in authors:
        shares = random.normal(size=(len(BASES), len(ADVICE_REASONS))).astype(np.float32)
        shares[:, 0] += np.arange(len(BASES), 0, -1) * 9 - shares.sum(axis=1)
        numbers = np.tile(np.arange(len(ADVICE_NUMBERS), dtype=np.float32), (len(BASES), 1))
        lists.append(AdviceList(author, BASES, shares.sum(axis=1), shares, numbers))
    moment = START + timedelta(days=41)
    return Advice(f"gat-reranker-{number}", ADVICE_METHOD, moment, moment, 200, 4, authors, lists, {"seed": 0})


def ids(answer: Answer) -> list[str]:
    return [each.model.id for each in answer.recommendations]


def runs(db: Database) -> dict[str, int]:
    table = db.ask("MATCH (:Author)-[r:RECOMMENDS]->(:Model) RETURN r.run, count(r) ORDER BY r.run", {})
    return {row[0]: row[1] for row in table.rows}


def test_what_is_stored_answers_with_reasons_that_add_up(small: Database) -> None:
    given = advice()
    assert store(small, given) == 2
    for each in given.lists:
        for reasons in ("first", "all"):
            answer = recommend_for_author(small, each.author, k=4, reasons=reasons)
            assert (answer.method, answer.run, answer.fallback) == (ADVICE_METHOD, given.id, None)
            assert ids(answer) == list(BASES)
            for found, score, shares in zip(answer.recommendations, each.scores, each.shares, strict=True):
                assert found.score == pytest.approx(float(score), abs=1e-4)
                assert sum(r.contribution or 0.0 for r in found.reasons) == pytest.approx(float(score), abs=1e-4)
                said = [r.contribution or 0.0 for r in found.reasons[:-1]]
                assert said == sorted(said, reverse=True)
                assert found.reasons[-1].kind == "rest"
                assert [r.kind for r in found.reasons].count("attention") == 1
                if reasons == "first":
                    assert len(said) == 3
                    assert not any(r.common for r in found.reasons)
                else:
                    large = np.abs(shares) >= 0.005 * np.abs(shares).sum()
                    assert sorted(said) == pytest.approx(sorted(shares[large].tolist()), abs=1e-5)
                for reason in found.reasons[:-1]:
                    small.ask(reason.cypher, dict(reason.params), timeout=10.0)
    assert all(not each.reasons for each in recommend_for_author(small, "maker0", k=2, reasons="none").recommendations)


def test_an_interrupted_switch_leaves_the_lists_before(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before, there, late = advice(), advice(), advice()
    store(small, before)

    def torn() -> Iterator[AdviceList]:
        yield next(iter(there.lists))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store(small, replace(there, lists=torn()))
    written = Database.write

    def switched(db: Database, name: str, **params: object) -> object:
        if name == "publish/switch":
            raise KeyboardInterrupt
        return written(db, name, **params)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", switched)
        with pytest.raises(KeyboardInterrupt):
            store(small, late)
    assert runs(small) == {before.id: 8, late.id: 8}
    found = recommend_for_author(small, "maker0", k=2)
    assert found.run == before.id
    assert len(small.read("recommend/advised", author="maker0")) == len(BASES)
    assert [each.score for each in found.recommendations] == pytest.approx(next(iter(before.lists)).scores[:2].tolist())
    store(small, there)
    assert runs(small) == {there.id: 8}
    assert recommend_for_author(small, "maker0", k=2).run == there.id


def test_where_too_few_are_left_the_network_answers_and_it_is_said(small: Database) -> None:
    store(small, advice())
    only = Filters(task="image-classification")
    found = recommend_for_author(small, "maker0", k=1, filters=only)
    assert (found.method, ids(found)) == (ADVICE_METHOD, ["other/vision"])
    for k, filters, said in (
        (2, only, "Only 1 of what"),
        (1, Filters(library="none"), "Nothing of what"),
        (5, Filters(), "Only 4"),
    ):
        found = recommend_for_author(small, "maker0", k=k, filters=filters)
        assert found.method == "gat"
        assert found.fallback is not None
        assert found.fallback.startswith(said)
        assert found.fallback == found.as_json()["fallback"]
        asked = recommend_for_author(small, "maker0", method=ADVICE_METHOD, k=k, filters=filters)
        assert (asked.method, asked.fallback) == (ADVICE_METHOD, None)
        assert len(ids(asked)) < k
    other = recommend_for_author(small, "maker0", method="gat", k=2)
    assert (other.method, other.fallback) == ("gat", None)


def test_who_has_no_list_is_answered_by_the_network(small: Database) -> None:
    store(small, advice())
    found = recommend_for_author(small, "st", k=2)
    assert (found.method, found.fallback) == ("gat", None)
    with pytest.raises(NotBuilt, match="gat-reranker has stored nothing for st"):
        recommend_for_author(small, "st", method=ADVICE_METHOD)
    with pytest.raises(BadInput, match="gat-reranker"):
        recommend(small, ["st/mpnet"], method=ADVICE_METHOD)


def test_lists_last_a_week_with_the_same_settings(small: Database) -> None:
    given = advice()
    store(small, given)
    same = {"seed": 0}
    assert lasts(small, ADVICE_METHOD, same)
    assert not lasts(small, ADVICE_METHOD, {"seed": 1})
    assert not lasts(small, "other", same)
    store(small, replace(given, id="gat-reranker-fewer", models=150))
    assert not lasts(small, ADVICE_METHOD, same)
    store(small, replace(given, id="gat-reranker-old", as_of=START + timedelta(days=32)))
    assert not lasts(small, ADVICE_METHOD, same)
    store(small, replace(given, id="gat-reranker-young", as_of=START + timedelta(days=35)))
    assert lasts(small, ADVICE_METHOD, same)


def test_what_was_built_on_or_deleted_since_is_not_recommended(small: Database) -> None:
    store(small, advice())
    load_models(small, [record("maker0/new", 45, bases=((BASES[0], "finetune"),))])
    assert ids(recommend_for_author(small, "maker0", k=3)) == list(BASES[1:])
    assert ids(recommend_for_author(small, "maker1", k=4)) == list(BASES)
    mark_deleted(small, "Model", [BASES[1]], START + timedelta(days=60))
    assert ids(recommend_for_author(small, "maker0", k=2)) == list(BASES[2:])


def test_a_graph_that_says_too_little_gets_no_lists_and_one_line(db: Database, tmp_path: Path) -> None:
    fill(db)
    for label, (_, key) in FACT_LABELS.items():
        keys = [row["key"] for row in db.read("publish/degrees", label=label, key=key)]
        vector = {"textEmbedding": [0.5] * DIMENSIONS}
        db.write_rows(f"publish/vectors/{label}", ({"key": each, "properties": vector} for each in keys))
    line = _advise(db, Settings(home=tmp_path), "x", lambda done, total, text: None)
    assert line.startswith("no lists for authors, there is too little to learn from: authors first built on 0 bases")
    assert "\n" not in line
    assert ADVICE_METHOD not in {row["method"] for row in db.read("publish/current")}
    assert recommend_for_author(db, "maker0", k=2).method == "gat"


@pytest.mark.parametrize("broken", ["shares", "numbers", "scores"])
def test_lists_that_do_not_fit_are_refused(broken: str) -> None:
    (each, _) = advice().lists
    with pytest.raises(ValueError, match=f"'maker0': {broken}"):
        replace(each, **{broken: getattr(each, broken)[:-1]})
