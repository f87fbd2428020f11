"""What is recommended for somebody who liked some models, on a small real graph: exact means, and whom it is due to."""

from __future__ import annotations

import re

import numpy as np
import pytest
from small import WEIGHTS, dense, jaccard, record, records, text_vector

from graph import phrases
from graph.database import Database
from graph.errors import BadInput, NotBuilt, NotFound
from graph.filters import Filters
from graph.languages import came, translated
from graph.load import load_models
from graph.recommend import LIKED, recommend, recommend_for_liked
from graph.types import Answer, ModelCard, Reason, Recommendation, Run, Said

MISTRAL, BERT = "mistral/Mistral-7B", "google/bert-base"
QUANTISED = {f"bloke/Mistral-7B-{suffix}" for suffix in ("GGUF", "GPTQ", "AWQ")}
MINE = ["st/MiniLM-L6", MISTRAL, "other/vision"]
CROWD = [each.id for each in records() if each.author == "crowd"]


def ids(answer: Answer) -> list[str]:
    return [each.model.id for each in answer.recommendations]


def due_to(text: str) -> str | None:
    found = re.match(r"Because you liked (\S+): ", text)
    return found[1] if found else None


@pytest.mark.parametrize("liked", [MINE[:1], MINE, CROWD[:30]], ids=len)
@pytest.mark.parametrize("reasons", ["first", "all"])
def test_a_score_is_the_mean_of_what_each_liked_model_gives(
    small: Database, run: Run, liked: list[str], reasons: str
) -> None:
    answer = recommend_for_liked(small, liked, k=6, reasons=reasons)
    assert (answer.run, answer.query["liked"]) == (run.id, liked)
    found = [(each.model.id, each.score) for each in answer.recommendations]
    assert found == sorted(found, key=lambda each: -each[1])
    assert len(found) == 6
    assert not set(liked) & set(ids(answer))
    for each in answer.recommendations:
        assert each.score == pytest.approx(dense(run, liked, each.model.id), abs=1e-4)
        assert sum(reason.contribution or 0.0 for reason in each.reasons) == pytest.approx(each.score, abs=1e-4)
        assert each.reasons[-1].kind == "rest"
        assert 2 <= len(each.reasons) <= 4 or reasons == "all"


def test_every_reason_names_the_liked_model_that_gives_its_share(small: Database, run: Run) -> None:
    for each in recommend_for_liked(small, MINE, k=8, reasons="all").recommendations:
        given: dict[str, dict[str, float | None]] = {id: {} for id in MINE}
        for reason in each.reasons[:-1]:
            liked = due_to(reason.text)
            if liked is None:
                assert "built on it" in reason.text
                continue
            assert reason.kind not in given[liked]
            given[liked][reason.kind] = reason.contribution
            params = reason.params
            assert liked in (params.get("a"), params.get("b"), *params.get("ids", ())) or "facts" in params
            assert small.ask(reason.cypher, dict(params), timeout=10.0).rows
        for liked, shares in given.items():
            whole = dense(run, [liked], each.model.id, terms=()) / len(MINE)
            assert sum(share or 0.0 for share in shares.values()) == pytest.approx(whole, abs=1e-4)
        assert each.reasons[-1].contribution == pytest.approx(0.0, abs=1e-4)


def test_the_liked_models_that_count_most_are_told_first(small: Database, run: Run) -> None:
    liked = CROWD[:30]
    for each in recommend_for_liked(small, liked, k=3).recommendations:
        most = sorted(liked, key=lambda one: -dense(run, [one], each.model.id, terms=()))[:3]
        named = {due_to(reason.text) for reason in each.reasons} - {None}
        assert named
        assert named <= set(most)


def test_what_goes_without_words_is_counted() -> None:
    both = "Both carry the tag “x”"
    assert phrases.because("a/b", both) == "Because you liked a/b: both carry the tag “x”"
    assert phrases.because("a/b", both, "evidence", 1).endswith("“x”; one more thing links the two")
    assert phrases.because("a/b", both, "evidence", 2).endswith("“x”; 2 more things link the two")
    assert phrases.because("a/b", both, "attention", 2).endswith("“x”; it weighs 2 more groups of their facts")
    assert phrases.because("a/b", "Theirs is a fine-tune of it").endswith(": Theirs is a fine-tune of it")


def test_how_somebody_came_to_a_model_is_said_as_it_is() -> None:
    because = Said("because", ("a/b", "Both are new"))
    reason = Reason("evidence", "…", 0.5, said=Said("sentence", (because, 0.5)))
    made = Recommendation(ModelCard("c/d", "d"), 0.5, 1, "gat", (reason, Reason("rest", "Everything else.", 0.0)))
    answer = Answer({}, "gat", None, (made,))
    for how, english, german in (
        ("liked", "you liked a/b", "a/b gefallen hat"),
        ("built", "you built a/b", "a/b selbst gebaut ist"),
        ("viewed", "you looked at a/b", "a/b angesehen wurde"),
        ("used", "many use a/b", "a/b beliebt ist"),
    ):
        told = came(answer, {"a/b": how})
        assert told.recommendations[0].reasons[0].text.startswith(f"Because {english}: both are new")
        assert translated(told, "de").recommendations[0].reasons[0].text.startswith(f"Weil {german}:")
        assert told.recommendations[0].reasons[1] == made.reasons[1]


def test_other_forms_of_a_liked_model_are_left_out(small: Database) -> None:
    for method in ("gat", "cosine"):
        if method == "cosine":
            links = [{"id": id, "score": 0.9, "rank": n} for n, id in enumerate([*sorted(QUANTISED), BERT], start=1)]
            small.write_rows("similar/link", [{"id": MISTRAL, "links": links}], method=method)
        for_models = recommend(small, [MISTRAL], k=200, method=method)
        found = recommend_for_liked(small, [MISTRAL], k=200, method=method)
        assert QUANTISED & {*ids(for_models), *(id for each in for_models.recommendations for id in each.variants)}
        assert not QUANTISED & {*ids(found), *(id for each in found.recommendations for id in each.variants)}
        assert len(ids(found)) == len(ids(for_models)) - 1
        for each in found.recommendations:
            (same,) = (one for one in for_models.recommendations if one.model.id == each.model.id)
            assert each.score == pytest.approx(same.score, abs=1e-5)


def test_as_many_reads_for_many_models_as_for_two(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    read = Database.read
    monkeypatch.setattr(Database, "read", lambda db, name, **params: names.append(name) or read(db, name, **params))
    recommend_for_liked(small, CROWD[:2], k=5)
    few = sorted(names)
    names.clear()
    recommend_for_liked(small, CROWD[:LIKED], k=5)
    assert sorted(names) == few
    # ids; vectors; the lists of each, and both indexes, at once; what is comparable; what reasons are made of
    assert len(few) == 7


def test_what_is_near_to_one_of_many_comes_into_question(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the indexes, asked for what is near to the mean, do not propose it."""
    read = Database.read

    def without(db: Database, name: str, **params: object) -> list[dict[str, object]]:
        return [] if name == "recommend/candidates" else read(db, name, **params)

    monkeypatch.setattr(Database, "read", without)
    found = recommend_for_liked(small, CROWD[:20], k=10)
    assert len(ids(found)) == 10


@pytest.mark.parametrize("method", ["cosine", "jaccard"])
def test_similarities_are_due_to_liked_models_too(small: Database, method: str) -> None:
    answer = recommend_for_liked(small, ["st/MiniLM-L6", "other/vision"], method=method, reasons="all")
    other, score = {"cosine": ("st/mpnet", 0.83), "jaccard": (BERT, jaccard("st/MiniLM-L6", BERT))}[method]
    (each,) = answer.recommendations
    assert (each.model.id, each.score) == (other, pytest.approx(score / 2))
    assert sum(reason.contribution or 0.0 for reason in each.reasons) == pytest.approx(each.score, abs=1e-4)
    assert {due_to(reason.text) for reason in each.reasons[:-1]} == {"st/MiniLM-L6"}
    assert any(re.search(": (both|their) ", reason.text) for reason in each.reasons)


def test_filters_go_by_the_liked_models(small: Database) -> None:
    found = recommend_for_liked(small, ["st/MiniLM-L6", BERT], k=3, filters=Filters(same_task=True))
    assert ids(found) == ["st/mpnet"]


def test_ids_may_be_old_and_given_twice(small: Database) -> None:
    found = recommend_for_liked(small, ["bert-base", "https://huggingface.co/google/bert-base", "ST/mpnet"], k=2)
    assert found.query["liked"] == [BERT, "st/mpnet"]


def test_what_cannot_be_answered_is_one_sentence(small: Database) -> None:
    with pytest.raises(NotFound, match="no model 'no/such'"):
        recommend_for_liked(small, [BERT, "no/such"])
    with pytest.raises(BadInput, match="No liked model was given"):
        recommend_for_liked(small, [])
    with pytest.raises(BadInput, match="101 liked models are too many"):
        recommend_for_liked(small, CROWD[: LIKED + 1])
    load_models(small, [record("new/one", 50, task="fill-mask")])
    with pytest.raises(NotBuilt, match="does not know new/one yet"):
        recommend_for_liked(small, ["new/one"])
    beside = recommend_for_liked(small, [BERT, "new/one"], k=5)
    assert beside.fallback == "The gat network does not know new/one yet: this goes by the others."
    assert ids(beside) == ids(recommend_for_liked(small, [BERT], k=5))


def test_what_somebody_does_not_want_is_left_out_and_the_next_come(small: Database) -> None:
    for method in ("gat", "cosine"):
        best = recommend_for_liked(small, ["st/MiniLM-L6", MISTRAL], k=6, method=method)
        for dull in best.recommendations[:2]:
            found = recommend_for_liked(
                small, ["st/MiniLM-L6", MISTRAL], k=len(ids(best)) - 1, method=method, without={dull.model.id}
            )
            assert ids(found) == [id for id in ids(best) if id != dull.model.id]


def test_of_the_best_the_first_in_an_order_are_shown(small: Database) -> None:
    for reasons in ("first", "none"):
        whole = recommend_for_liked(small, MINE, k=10, sort="downloads", reasons=reasons)
        part = recommend_for_liked(small, MINE, k=10, sort="downloads", shown=3, reasons=reasons)
        assert part.recommendations == whole.recommendations[:3]


def test_a_model_without_a_text_counts_by_the_network_alone(small: Database, run: Run) -> None:
    liked, lacking = ["st/mpnet", CROWD[0]], CROWD[0]
    small.write_rows("publish/vectors/Model", [{"key": lacking, "properties": {"textEmbedding": None}}])
    found = recommend_for_liked(small, liked, k=5)
    small.write_rows("publish/vectors/Model", [{"key": lacking, "properties": {"textEmbedding": text_vector(lacking)}}])
    for each in found.recommendations:
        without = dense(run, liked, each.model.id)
        without -= WEIGHTS.text * float(np.dot(text_vector(lacking), text_vector(each.model.id))) / 2
        assert each.score == pytest.approx(without, abs=1e-4)
        assert sum(reason.contribution or 0.0 for reason in each.reasons) == pytest.approx(each.score, abs=1e-4)
