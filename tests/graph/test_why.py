"""Where a model stands: its rank, what would take it out, why it is not recommended; on a small real graph."""

from __future__ import annotations

import re

import pytest
from small import START, dense, record
from test_counterfactual import WEIGHTS, K, leaves, many_rivals
from test_reasons import NODES, TERMS, make_side

from graph.counterfactual import Rivals, hindrance
from graph.database import Database
from graph.deletions import mark_deleted
from graph.errors import BadInput, NotBuilt, NotFound
from graph.filters import Filters
from graph.languages import LANGUAGES, SENTENCES, text, translated, words
from graph.load import load_models
from graph.pairs import why, why_each
from graph.recommend import recommend
from graph.types import Answer, Reason, Run, Said

BERT, MINILM, MISTRAL = "google/bert-base", "st/MiniLM-L6", "mistral/Mistral-7B"


def what_if(answer: Answer) -> list[Reason]:
    return [each for each in answer.recommendations[0].reasons if each.kind == "counterfactual"]


@pytest.mark.parametrize("a", [BERT, MISTRAL, "other/vision"])
def test_the_rank_is_that_of_the_list(small: Database, run: Run, a: str) -> None:
    listed = [each.model.id for each in recommend(small, [a], k=8).recommendations]
    for k in (3, 7):
        for rank, b in enumerate(listed, start=1):
            answer = why(small, a, b, k=k)
            stands = answer.standing
            assert stands is not None
            assert (stands.rank, stands.k, stands.recommended) == (rank, k, rank <= k)
            assert stands.place.startswith(f"It is number {rank} of the {stands.of} models")
            assert bool(stands.why_not) == (rank > k) != bool(what_if(answer))
            total = sum(each.contribution or 0.0 for each in answer.recommendations[0].reasons)
            assert total == pytest.approx(dense(run, [a], b), abs=1e-4)


def test_a_recommended_model_says_without_what_it_would_not_be(small: Database) -> None:
    first = recommend(small, [MISTRAL], k=3).recommendations[2].model.id
    (reason,) = what_if(why(small, MISTRAL, first, k=3))
    assert reason.contribution is None
    assert re.fullmatch(r"Without .*, it would not be among the first 3\.", reason.text)
    assert reason.path
    (every,) = what_if(why(small, MISTRAL, first, k=200))
    assert re.match(r"It would stay among the first 200 whatever is left out: only \d+ models", every.text)


def test_one_beyond_the_list_says_what_it_lacks(small: Database, run: Run) -> None:
    listed = recommend(small, [BERT], k=12).recommendations
    b = listed[11]
    stands = why(small, BERT, b.model.id, k=10).standing
    assert stands is not None
    gap = listed[9].score - b.score
    tenth = listed[9].model.title
    said = f"{gap:.2f}" if gap >= 0.005 else "less than 0.01"
    assert f"{tenth}, number 10, has {listed[9].score:.2f}, which is {said} more." in stands.why_not[0]
    ahead = [each for each in stands.why_not if each.startswith(f"{tenth} gains")]
    assert 1 <= len(ahead) <= 3
    assert sum("would be among the first 10" in each or "None of" in each for each in stands.why_not) == 1


def test_a_variant_names_the_one_that_stands_for_it(small: Database) -> None:
    ids = {each.model.id: each.variants for each in recommend(small, [MISTRAL], k=20).recommendations}
    one, others = next((id, variants) for id, variants in ids.items() if variants)
    stands = why(small, MISTRAL, others[0]).standing
    assert stands is not None
    assert (stands.rank, stands.recommended) == (None, False)
    assert stands.place.startswith(f"It is another form of {one.split('/')[1]}, which stands for it as number")


def test_filters_are_named(small: Database) -> None:
    stands = why(small, BERT, MINILM, filters=Filters(same_task=True, license="mit")).standing
    assert stands is not None
    assert stands.place == "It is left out by the filters for the same task and the licence."


def test_what_lies_too_far_away_did_not_come_into_question(small: Database) -> None:
    near = {each.model.id for each in recommend(small, [MINILM], k=40).recommendations}
    far = next(id for n in range(150) if (id := f"crowd/number-{n + 13}") not in near)
    stands = why(small, MINILM, far).standing
    assert stands is not None
    assert stands.rank is None
    assert re.match(
        r"Only the 40 models nearest to MiniLM-L6 by network and text come into question( \(\d+, where forms of one "
        r"model count once\))?, and it is none of them: its nearness is -?\d+\.\d\d, that of the last of them "
        r"\d+\.\d\d\.",
        stands.place,
    )
    assert re.fullmatch(r"It would come into question if it were \d+\.\d\d nearer\.", stands.why_not[0])


def test_what_is_for_something_else_is_never_beside_it(small: Database, run: Run) -> None:
    said = {}
    for a, b in ((MINILM, MISTRAL), ("st/mpnet", MINILM)):
        answer = why(small, a, b)
        assert answer.standing is not None
        assert (answer.standing.rank, answer.standing.recommended) == (None, False)
        assert answer.recommendations[0].score == pytest.approx(dense(run, [a], b), abs=1e-4)
        said[b] = answer.standing.place
    assert said[MISTRAL].endswith("beside MiniLM-L6: it is for another sort of task, or does not say for which.")
    assert said[MINILM].endswith("beside mpnet: it does not say that it is for one of its languages.")
    stands = why(small, MINILM, MISTRAL, filters=Filters(task="text-generation")).standing
    assert stands is not None
    assert "another sort" not in stands.place  # who names a task means it


def test_the_same_and_the_unknown_are_said(small: Database) -> None:
    with pytest.raises(BadInput, match="given twice"):
        why(small, BERT, "bert-base")
    with pytest.raises(BadInput, match="given twice"):
        why(small, BERT, BERT)
    with pytest.raises(NotFound):
        why(small, BERT, "no/such")


def test_one_round_trip_says_why(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [each.model.id for each in recommend(small, [BERT], k=20).recommendations]
    asked: list[str] = []
    read = Database.read
    monkeypatch.setattr(Database, "read", lambda db, name, **params: asked.append(name) or read(db, name, **params))
    why(small, BERT, listed[0])
    assert asked == ["why/sides"]
    asked.clear()
    why(small, BERT, listed[-1])  # the last one recommended is compared with it
    assert asked == ["why/sides", "why/sides"]


def test_three_round_trips_say_it_of_each_two_of_some(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [BERT, MINILM, MISTRAL, "other/vision"]
    asked: list[str] = []
    read = Database.read
    with monkeypatch.context() as patched:
        patched.setattr(Database, "read", lambda db, name, **params: asked.append(name) or read(db, name, **params))
        answers = why_each(small, ids, k=5)
    assert asked == ["why/sides", "recommend/kinds", "why/sides"]
    assert len(answers) == 12
    for (a, b), answer in answers.items():
        assert isinstance(answer, Answer)
        assert answer.as_json() == why(small, a, b, k=5).as_json()


def test_the_statement_of_every_reason_finds_something(small: Database) -> None:
    kinds = set()
    for a in (BERT, MISTRAL, MINILM, "other/vision"):
        for each in recommend(small, [a], k=4).recommendations:
            for reason in why(small, a, each.model.id).recommendations[0].reasons[:-1]:
                kinds.add(reason.kind)
                assert small.ask(reason.cypher, dict(reason.params), timeout=10.0).rows, reason
    assert kinds == {"evidence", "attention", "counterfactual"}


def test_every_language_says_everything() -> None:
    import inspect

    for name in SENTENCES:
        for language in LANGUAGES:
            assert inspect.signature(words(language, name)) == inspect.signature(words("en", name))
    for table in ("PHRASES", "RELATION_PHRASES", "LANGUAGES", "_PARTS", "_FILTERS", "_ADVICE"):
        for language in LANGUAGES:
            assert set(words(language, table)) == set(words("en", table)), table  # type: ignore[call-overload]


def test_stored_reasons_are_told_in_another_language(small: Database) -> None:
    answer = recommend(small, [BERT], k=5)
    german = translated(answer, "de")
    for mine, theirs in zip(answer.recommendations, german.recommendations, strict=True):
        for one, other in zip(mine.reasons, theirs.reasons, strict=True):
            assert one.text != other.text
            assert (one.contribution, one.cypher) == (other.contribution, other.cypher)
    with pytest.raises(BadInput, match="no language 'xx'"):
        translated(answer, "xx")


def test_what_is_said_survives_its_json() -> None:
    said = Said("because", ("a/b", Said("sentence", (Said("terms", ({"built_on": 2, "built_on_90d": 1},)), -0.5))))
    again = Said.of_json(said.as_json())
    assert text(again) == text(said)
    assert text(again, "de") == (
        "Weil a/b gefallen hat: 2 Modelle bauen darauf auf, davon 1 aus den letzten 90 Tagen, was dagegen spricht."
    )


def test_a_hindrance_is_the_fact_without_which_it_would_be_in() -> None:
    found = 0
    for seed in range(60):
        query, item, rivals = make_side("org/a", NODES[:3], seed), make_side("org/b", NODES[1:6], seed), many_rivals()
        if not leaves(query, item, rivals, set()):
            continue
        drop = hindrance(query, item, Rivals.of(query, rivals), K, TERMS, WEIGHTS)
        if drop:
            found += 1
            nodes = {fact[1:] for fact in drop.facts}
            assert len(nodes) <= 2
            assert not leaves(query, item, rivals, nodes)
            assert drop.score >= drop.threshold
    assert found


def test_a_deleted_model_says_so(small: Database) -> None:
    mark_deleted(small, "Model", ["other/Twin"], START)
    with pytest.raises(NotFound, match="other/Twin was found deleted on the Hub on 2023-01-01"):
        why(small, BERT, "other/Twin")


def test_a_model_that_is_new_since_has_to_be_placed_first(small: Database) -> None:
    load_models(small, [record("new/arrival", 70)])
    with pytest.raises(Exception, match="does not know new/arrival yet"):
        why(small, BERT, "new/arrival")
    answers = why_each(small, [BERT, MISTRAL, "new/arrival"])
    assert [pair for pair, each in answers.items() if "new/arrival" in pair] == [
        pair for pair, each in answers.items() if isinstance(each, NotBuilt)
    ]
