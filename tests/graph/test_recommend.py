"""Recommendations on a small real graph: exact scores, reasons that add up, collapse, filters, errors."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from small import comparable, dense, jaccard, record, records

from graph import candidates
from graph.database import Database
from graph.errors import BadInput, NotBuilt, NotFound
from graph.filters import Filters
from graph.languages import translated
from graph.load import load_models
from graph.pairs import why
from graph.ranking import collapse
from graph.recommend import recommend, recommend_for_author, recommend_for_liked
from graph.statements import statement, statements
from graph.types import Answer, ModelCard, Run

MISTRAL = "mistral/Mistral-7B"
QUANTISED = {f"bloke/Mistral-7B-{suffix}" for suffix in ("GGUF", "GPTQ", "AWQ")}


def check(answer: Answer, run: Run, ids: list[str], kind: str = "Model") -> None:
    assert answer.run == run.id
    assert answer.recommendations
    for each in answer.recommendations:
        assert each.score == pytest.approx(dense(run, ids, each.model.id, kind), abs=1e-4)
        assert sum(r.contribution or 0.0 for r in each.reasons) == pytest.approx(each.score, abs=1e-4)
        assert {"evidence", "attention"} & {r.kind for r in each.reasons}
        if len(each.reasons) > 4:  # all of them: the run keeps every neighbour, so only what was folded is left
            said = sum(abs(r.contribution or 0.0) for r in each.reasons)
            assert abs(each.reasons[-1].contribution or 0.0) <= 0.021 * said + 1e-4
    scores = [each.score for each in answer.recommendations]
    assert scores == sorted(scores, reverse=True)
    assert [each.rank for each in answer.recommendations] == list(range(1, len(scores) + 1))


def ids(answer: Answer) -> list[str]:
    return [each.model.id for each in answer.recommendations]


STORED, UNSTORED = "google/bert-base", "other/vision"


@pytest.mark.parametrize("id", [STORED, UNSTORED])
@pytest.mark.parametrize("reasons", ["first", "all"])
def test_scores_are_exact_and_reasons_add_up(small: Database, run: Run, id: str, reasons: str) -> None:
    answer = recommend(small, [id], k=5, reasons=reasons)
    check(answer, run, [id])
    assert len(answer.recommendations) == 5
    if reasons == "first":
        assert all(2 <= len(each.reasons) <= 4 for each in answer.recommendations)
    every = [each for each in comparable([id]) if each not in QUANTISED]
    best = sorted(every, key=lambda other: -dense(run, [id], other))[:5]
    assert set(ids(answer)) == set(best)


def test_stored_links_and_answers_on_demand_agree(small: Database) -> None:
    stored = recommend(small, [STORED], k=4)
    assert ids(stored) == ids(recommend(small, [STORED], k=4, reasons="all"))
    on_demand = recommend(small, [STORED], k=12)
    assert ids(on_demand)[:4] == ids(stored)
    for a, b in zip(stored.recommendations, on_demand.recommendations, strict=False):
        assert a.score == pytest.approx(b.score, abs=1e-5)
        assert [r.text for r in a.reasons] == [r.text for r in b.reasons]
        assert [r.path for r in a.reasons] == [r.path for r in b.reasons]


@pytest.fixture
def asked(small: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the statements that are read, as they are read."""
    names: list[str] = []
    read = Database.read

    def noted(db: Database, name: str, **params: object) -> list[dict[str, object]]:
        names.append(name)
        return read(db, name, **params)

    monkeypatch.setattr(Database, "read", noted)
    return names


def test_an_answer_for_one_model_needs_no_search(
    small: Database, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_SOUGHT", len(records()))  # an index is approximate, unless it is asked for all
    answer = recommend(small, [UNSTORED], k=5)
    assert "recommend/nearest" in asked
    assert "recommend/candidates" not in asked
    for arguments in ({"k": 200}, {"filters": Filters(task="text-generation")}):  # more than the stored ids give
        asked.clear()
        recommend(small, [UNSTORED], **arguments)  # type: ignore[arg-type]
        assert "recommend/candidates" in asked
    asked.clear()
    recommend(small, [UNSTORED, STORED], k=5)  # of several, what is near to one of them and what is near to all
    assert {"recommend/nearest", "recommend/candidates"} <= set(asked)
    row = {"key": UNSTORED, "properties": {"gatNearestA": None}}
    before = small.ask("MATCH (m:Model {id: $id}) RETURN m.gatNearestA", {"id": UNSTORED}).rows[0][0]
    small.write_rows("publish/vectors/Model", [row])
    asked.clear()
    searched = recommend(small, [UNSTORED], k=5)
    small.write_rows("publish/vectors/Model", [{"key": UNSTORED, "properties": {"gatNearestA": before}}])
    assert "recommend/candidates" in asked
    fewer = {"key": UNSTORED, "properties": {"gatNearestA": before[:3]}}
    small.write_rows("publish/vectors/Model", [fewer])
    asked.clear()
    assert len(recommend(small, [UNSTORED], k=5).recommendations) <= 3
    small.write_rows("publish/vectors/Model", [{"key": UNSTORED, "properties": {"gatNearestA": before}}])
    assert "recommend/candidates" not in asked  # publishing has found no more
    assert [(each.model.id, each.score) for each in searched.recommendations] == [
        (each.model.id, pytest.approx(each.score, abs=1e-5)) for each in answer.recommendations
    ]


def _nearest_now(db: Database, id_: str) -> dict[str, Any]:
    before = db.ask("MATCH (m:Model {id: $id}) RETURN m.gatNearestA", {"id": id_}).rows[0][0]
    return {"key": id_, "properties": {"gatNearestA": before}}


@pytest.mark.parametrize("asked_about", [["maker1/tune-1"], ["maker1/tune-1", "crowd/number-10"]])
def test_what_is_far_away_is_not_recommended_for_being_used_much(
    small: Database,
    run: Run,
    asked_about: list[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """The best by score are chosen among so many of the nearest only."""
    monkeypatch.setattr(candidates, "CANDIDATES", 6)
    others = comparable(asked_about)
    near = sorted(others, key=lambda other: -dense(run, asked_about, other, terms=()))[:6]
    assert not QUANTISED & set(near)
    for id_ in asked_about:  # as if no more had been nearest then
        own = sorted(comparable([id_]), key=lambda other: -dense(run, [id_], other, terms=()))
        stored = {"key": id_, "properties": {"gatNearestA": own[:6]}}
        request.addfinalizer(partial(small.write_rows, "publish/vectors/Model", [_nearest_now(small, id_)]))
        small.write_rows("publish/vectors/Model", [stored])
    best = sorted(near, key=lambda other: -dense(run, asked_about, other))
    assert best[:3] != sorted(others, key=lambda other: -dense(run, asked_about, other))[:3]
    assert ids(recommend(small, asked_about, k=3)) == best[:3]


def test_several_models_are_one_question(small: Database, run: Run) -> None:
    asked = ["st/mpnet", "st/MiniLM-L6"]
    answer = recommend(small, [*asked, "ST/mpnet"], k=5)
    assert answer.query["ids"] == asked
    check(answer, run, asked)
    assert not set(ids(answer)) & set(asked)


def test_variants_are_collapsed_under_the_original(small: Database) -> None:
    answer = recommend(small, ["maker0/tune-0"], k=200)
    (mistral,) = (each for each in answer.recommendations if "Mistral" in each.model.id)
    assert mistral.model.id == MISTRAL
    assert set(mistral.variants) == QUANTISED
    own = [each for each in recommend(small, [MISTRAL], k=200).recommendations if "Mistral" in each.model.id]
    assert len(own) == 1
    assert len(own[0].variants) == 2


def test_collapse_prefers_originals_then_what_is_no_quantisation() -> None:
    cards = {key: ModelCard(key, key, relation=relation) for key, relation in  # type: ignore[arg-type]
             (("a/q", "quantized"), ("b/tune", "finetune"), ("c/own", None))}  # fmt: skip
    best = collapse((card, "x", score) for card, score in zip(cards.values(), (3.0, 2.0, 1.0), strict=True))
    assert [(each.card.id, each.score, each.variants) for each in best] == [("c/own", 1.0, ("a/q", "b/tune"))]
    best = collapse([(cards["a/q"], "x", 3.0), (cards["b/tune"], "x", 2.0), (cards["c/own"], None, 2.5)])
    assert [each.card.id for each in best] == ["c/own", "b/tune"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(task="image-classification"), {"other/vision"}),  # who names a task means it
        (Filters(same_task=True), set()),  # the other one is for another language
        (Filters(same_library=True, max_parameters=10**12), set()),
        (Filters(license="llama3"), set()),  # for another sort of task
        (Filters(task="text-generation", license="llama3"), {"meta/Llama-8B"}),
        (Filters(library="timm", task="image-classification", permissive=True), {"other/vision"}),
        (Filters(permissive=True), {"google/bert-base"}),
        (Filters(max_parameters=200_000_000), {"google/bert-base"}),
        (Filters(has_gguf=True), {"google/bert-base"}),
        (Filters(task="text-generation", originals_only=True), {MISTRAL, "meta/Llama-8B"}),
    ],
)
@pytest.mark.parametrize("k", [1, 10])
def test_filters(small: Database, filters: Filters, expected: set[str], k: int) -> None:
    answer = recommend(small, ["st/MiniLM-L6"], k=k, filters=filters)
    found = set(ids(answer))
    assert found <= expected
    assert len(found) == min(k, len(expected))
    assert bool(answer.shortage) == (len(found) < k)


def test_a_large_graph_is_not_read_whole_for_a_filter(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    only = Filters(task="text-generation", license="llama3")
    whole = recommend(small, ["st/MiniLM-L6"], k=5, filters=only)
    monkeypatch.setattr(candidates, "_READ_WHOLE", 0)
    read, asked = small.read, []

    def noted(name: str, **given: object) -> list[dict[str, object]]:
        asked.append((name, given.get("k"), given.get("license")))
        return read(name, **given)

    monkeypatch.setattr(small, "read", noted)
    assert recommend(small, ["st/MiniLM-L6"], k=5, filters=only).recommendations == whole.recommendations
    assert "recommend/scan" not in [name for name, *_ in asked]
    assert asked.count(("recommend/candidates", 4_000, "llama3")) == 2


def test_it_is_said_where_filters_leave_too_few(small: Database) -> None:
    answer = recommend(small, ["st/MiniLM-L6"], k=5, filters=Filters(has_gguf=True, permissive=True))
    assert answer.shortage == (
        "Only one of the models that come into question passes the filters for permissive licences and a GGUF form; "
        "5 were asked for."
    )
    assert answer.as_json()["shortage"] == answer.shortage
    german = translated(answer, "de").shortage
    assert german
    assert german.startswith("Nur eines der Modelle, die in Frage kommen, passiert die Filter für")
    assert recommend(small, ["st/MiniLM-L6"], k=1000).shortage is None


def test_the_k_best_can_be_sorted_otherwise(small: Database) -> None:
    best = recommend(small, [STORED], k=5)
    by_downloads = recommend(small, [STORED], k=5, sort="downloads")
    assert set(ids(best)) == set(ids(by_downloads))
    downloads = [each.model.downloads or 0 for each in by_downloads.recommendations]
    assert downloads == sorted(downloads, reverse=True)
    assert [each.rank for each in by_downloads.recommendations] == [1, 2, 3, 4, 5]


def test_an_author_is_never_offered_their_own(small: Database, run: Run) -> None:
    answer = recommend_for_author(small, "st", k=200, reasons="all")
    check(answer, run, ["st"], "Author")
    assert not any(id.startswith("st/") for id in ids(answer))
    texts = " ".join(reason.text for each in answer.recommendations for reason in each.reasons)
    assert "st already builds on it." in texts
    with pytest.raises(NotFound, match="no author 'nobody'"):
        recommend_for_author(small, "nobody")
    with pytest.raises(BadInput, match="cosine knows no authors"):
        recommend_for_author(small, "st", method="cosine")


def test_why_explains_any_pair(small: Database, run: Run) -> None:
    answer = why(small, "bert-base", "st/minilm-l6")
    check(answer, run, [STORED])
    texts = [reason.text for reason in answer.recommendations[0].reasons]
    assert any(text.startswith("It is a fine-tune of bert-base") for text in texts)
    check(why(small, "other/vision", "meta/Llama-8B"), run, ["other/vision"])
    with pytest.raises(BadInput, match="given twice"):
        why(small, STORED, "bert-base")


def test_every_reason_runs(small: Database) -> None:
    for a, b in ((STORED, "st/MiniLM-L6"), ("st/MiniLM-L6", "st/mpnet"), ("maker0/tune-0", "maker1/tune-1")):
        for reason in why(small, a, b).recommendations[0].reasons[:-1]:
            table = small.ask(reason.cypher, dict(reason.params), timeout=10.0)
            assert table.rows or "built on it" in reason.text, reason
            params = reason.params
            if "relationship" in params:  # two facts: each end is shown with its own, unless that is the end itself
                linked = {row[0]["properties"]["id"] for row in table.rows if row[2]}
                itself = {
                    params[end] for end, fact in (("a", "a_fact"), ("b", "its_fact")) if params[end] == params[fact]
                }
                assert linked | itself == {params["a"], params["b"]}, reason


def test_cosine_is_one_reason_beside_shared_facts(small: Database) -> None:
    (each,) = recommend(small, ["st/MiniLM-L6"], method="cosine", reasons="all").recommendations
    assert (each.model.id, each.score) == ("st/mpnet", pytest.approx(0.83))
    weighed = [reason for reason in each.reasons if reason.contribution]
    assert [reason.text for reason in weighed] == ["Their names, tags and descriptions say much the same (0.83 of 1)."]
    assert any(reason.text.startswith("Both are trained on snli") for reason in each.reasons)
    assert each.reasons[-1].contribution == pytest.approx(0)


def test_the_cosine_of_any_pair_is_worked_out(small: Database) -> None:
    vectors = {"other/Twin": [1.0, 0.0], "another/Twin": [-0.6, 0.8]}
    small.write_rows("embed/sentence", ({"key": id, "vector": v, "hash": "x"} for id, v in vectors.items()))
    (each,) = why(small, *vectors, method="cosine").recommendations
    assert each.score == pytest.approx(-0.6)


def test_jaccard_is_shared_facts_the_rare_ones_more(small: Database) -> None:
    a, b = "st/MiniLM-L6", "google/bert-base"
    (stored,) = recommend(small, [a], method="jaccard", reasons="all").recommendations
    (worked_out,) = why(small, b, a, method="jaccard").recommendations
    assert stored.score == pytest.approx(jaccard(a, b))
    assert worked_out.score == pytest.approx(stored.score)
    for each in (stored, worked_out):
        assert sum(r.contribution or 0.0 for r in each.reasons[:-1]) == pytest.approx(each.score)
        by_text = {r.text: r.contribution for r in each.reasons if r.contribution}
        tag = by_text["Both carry the tag “bert”, as no other model does."]
        assert tag is not None
        assert tag > min(value or 0.0 for value in by_text.values())


def test_a_new_model_is_not_known_yet(small: Database) -> None:
    load_models(small, [record("new/one", 50, task="fill-mask")])
    with pytest.raises(NotBuilt, match=r"gat network does not know new/one yet.*hfmrs build"):
        recommend(small, ["new/one"])
    with pytest.raises(NotBuilt, match="does not know"):
        why(small, STORED, "new/one")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"method": "magic"}, "magic"), ({"k": 0}, "k is 0"), ({"sort": "size"}, "size"), ({"reasons": "some"}, "some")],
)
def test_bad_input_is_named(small: Database, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        recommend(small, [STORED], **arguments)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="No model"):
        recommend(small, [])


def test_without_a_run_it_says_what_to_do(db: Database) -> None:
    load_models(db, records()[:3])
    for method in ("gat", "gcn", "cosine", "jaccard"):
        with pytest.raises(NotBuilt, match="hfmrs build"):
            recommend(db, [MISTRAL], method=method)
    with pytest.raises(NotBuilt, match="hfmrs build"):
        why(db, MISTRAL, "meta/Llama-8B")


READING = [s.name for folder in ("analysis", "explore", "recommend", "why") for s in statements(folder)]


@pytest.mark.parametrize("name", READING)
def test_every_statement_runs_with_its_defaults(small: Database, name: str) -> None:
    found = statement(name)
    assert set(re.findall(r"\$(\w+)", found.text)) == {param.name for param in found.params}
    vectors = {
        "recommend/candidates": 64,
        "recommend/scan": 64,
        "explore/search_meaning": 256,
        "explore/select": 256,
    }
    given = {"vector": [0.5] * vectors[name]} if name in vectors else {}
    columns = {column.name for column in found.returns}
    for row in small.read(name, **given):
        assert set(row) == columns


@pytest.mark.parametrize("reasons", ["first", "none"])
def test_nothing_is_recommended_where_nothing_tells_what_a_model_is_for(small: Database, reasons: str) -> None:
    answer = recommend(small, ["other/Twin"], reasons=reasons)
    assert answer.recommendations == ()
    assert answer.shortage == (
        "Too little is known to recommend anything: other/Twin says no task, "
        "and nothing else that is known of it tells one."
    )
    german = translated(answer, "de").shortage
    assert german
    assert german.startswith("Es ist zu wenig bekannt, um etwas zu empfehlen: other/Twin nennt keine Aufgabe")
    liked = recommend_for_liked(small, ["other/Twin"], reasons=reasons)
    assert liked.recommendations == ()
    assert liked.shortage == answer.shortage
    assert recommend(small, ["other/Twin", "google/bert-base"]).recommendations
    # Who names a task means it.
    assert recommend(small, ["other/Twin"], filters=Filters(task="fill-mask")).recommendations
    standing = why(small, "other/Twin", "st/mpnet").standing
    assert standing
    assert standing.place == "It does not come into question beside Twin: nothing tells what that one is for."
