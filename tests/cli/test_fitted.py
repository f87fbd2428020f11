"""Every method of the comparison answers for an author or a model, fitted for the question on the built sample."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from gnn.ranking.for_model import model_methods
from gnn.ranking.methods import methods
from graph.errors import BadInput
from graph.filters import Filters
from hfmrs import fitted
from hfmrs.commands import ask
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("quick")

#: Factors say nothing of what they are.
SILENT = ("als", "bpr")
AUTHOR, MODEL = "sentence-transformers", "google-bert/bert-base-uncased"


def asked(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("recommend", *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_all_methods_can_be_asked() -> None:
    assert {*ask.FITTED_FOR_AUTHORS, *ask.AUTHOR_METHODS} == {*methods()}
    assert {*ask.FITTED_FOR_MODELS, "gat", "gcn"} == {*model_methods()}


@pytest.mark.parametrize("method", ask.FITTED_FOR_AUTHORS)
def test_for_an_author(run: Run, method: str) -> None:
    found = asked(run, "--author", AUTHOR, "--method", method, "-k", "5", "--reasons", "all")
    rows = json.loads(run("query", "recommend/bases_of", "-p", f"author={AUTHOR}", "--format", "json").stdout)
    had = {row["id"] for row in rows}
    ids = [each["id"] for each in found["recommendations"]]
    assert had
    assert len(ids) == 5
    assert not had & {*ids}
    assert not any(id.startswith(f"{AUTHOR}/") for id in ids)
    scores = [each["score"] for each in found["recommendations"]]
    assert scores == sorted(scores, reverse=True)
    assert found["method"] == method
    for each in found["recommendations"]:
        assert bool(each["reasons"]) == (method not in SILENT)
        if each["reasons"]:
            assert sum(reason["contribution"] for reason in each["reasons"]) == pytest.approx(each["score"], abs=1e-3)


def test_a_sum_over_bases_names_them(run: Run) -> None:
    (first,) = asked(run, "--author", AUTHOR, "--method", "ease", "-k", "1")["recommendations"]
    assert first["reasons"][0]["text"].startswith(f"{AUTHOR} built on ")
    assert first["reasons"][-1]["kind"] == "rest"


@pytest.mark.parametrize("method", [each for each in ask.FITTED_FOR_MODELS if each != "reranker"])
def test_for_models(run: Run, method: str) -> None:
    found = asked(run, MODEL, "--method", method, "-k", "5")["recommendations"]
    assert len(found) == 5
    assert MODEL not in [each["id"] for each in found]


def test_filters_and_the_control_of_popularity_are_kept(run: Run) -> None:
    plain = asked(run, "--author", AUTHOR, "--method", "popularity", "-k", "10")["recommendations"]
    gems = asked(run, "--author", AUTHOR, "--method", "popularity", "-k", "10", "--novelty", "1")["recommendations"]
    assert [each["id"] for each in plain] != [each["id"] for each in gems]
    # Fewer are sought than stand before them.
    some = run("recommend", MODEL, "--method", "ease", "-k", "2", "--task", "text-to-image", "--format", "csv")
    assert [row["task"] for row in csv.DictReader(io.StringIO(some.stdout))] == ["text-to-image"] * 2
    few = run("recommend", MODEL, "--method", "ease", "-k", "500", "--task", "text-to-image")
    assert "500" in few.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--author", "nobody-at-all", "--method", "ease"), "There is no author 'nobody-at-all'."),
        (("--author", "openai", "--method", "ease"), "openai has built on no base of others, and ease knows only who"),
        ((MODEL, "--method", "reranker"), "There is too little in this graph that reranker could learn from."),
        ((MODEL, "--method", "als"), "There is no method 'als'."),
        (("--author", AUTHOR, "--method", "kinship"), "There is no method 'kinship'."),
    ],
)
def test_what_cannot_be_answered_is_said(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    result = run("recommend", *arguments)
    assert result.exit_code != 0
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("wrong", "sentence"), [({"k": 0}, "k"), ({"sort": "loudest"}, "loudest")])
def test_a_wrong_choice_is_told_before_anything_is_read_or_fitted(wrong: dict[str, Any], sentence: str) -> None:
    choices = {"k": 5, "sort": "score", "reasons": "none", "novelty": 0.0, "filters": Filters()} | wrong
    nothing: Any = None
    for ask_for, who in ((fitted.for_author, AUTHOR), (fitted.for_models, [MODEL])):
        with pytest.raises(BadInput, match=sentence):
            ask_for(nothing, nothing, who, "item-knn", **choices)


def test_a_model_that_nobody_has_built_on(run: Run) -> None:
    childless = "MATCH (m:Model) WHERE NOT (m)<-[:BASED_ON]-(:Model) RETURN m.id AS id ORDER BY id LIMIT 1"
    (row,) = json.loads(run("query", childless, "--format", "json").stdout)
    result = run("recommend", row["id"], "--method", "item-knn")
    assert result.exit_code != 0
    assert f"Nobody has built on {row['id']} yet" in result.stderr
