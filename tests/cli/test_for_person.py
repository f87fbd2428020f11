"""What suits somebody who liked some models, and the control of popularity, on the built sample: by the command and by
the API alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from graph.recommend import METHODS
from hfmrs.settings import load
from tests.cli.conftest import Run, without_links
from web import WebSettings, create_app

LIKED = ["google-bert/bert-base-uncased", "openai/whisper-small", "sentence-transformers/all-MiniLM-L6-v2"]


@pytest.fixture(scope="module")
def client(built: Path) -> Any:
    app = create_app(WebSettings(built, load(built).db or None, rate_limit=""))
    yield app.test_client()
    app.extensions["hfmrs"].close()


def found(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("recommend", *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def rounded(value: Any) -> Any:
    """The same with numbers to six places: what two processes add up in float32 differs behind them."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


def liked(ids: list[str]) -> list[str]:
    return [word for id in ids for word in ("--liked", id)]


def adds_up(answer: dict[str, Any]) -> bool:
    totals = [sum(r["contribution"] or 0 for r in each["reasons"]) for each in answer["recommendations"]]
    return totals == pytest.approx([each["score"] for each in answer["recommendations"]], abs=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_the_command_and_the_api_answer_a_person_alike(run: Run, client: FlaskClient, method: str) -> None:
    answer = found(run, *liked(LIKED), "-k", "8", "--method", method, "--novelty", "0.5")
    body = {"liked": LIKED, "k": 8, "method": method, "novelty": 0.5}
    theirs = without_links(client.post("/api/v1/recommendations", json=body).get_json())
    assert rounded(answer) == rounded(theirs)
    assert (answer["query"]["liked"], answer["query"]["novelty"]) == (LIKED, 0.5)
    assert len(answer["recommendations"]) == 8
    assert adds_up(answer)
    texts = [reason["text"] for each in answer["recommendations"] for reason in each["reasons"]]
    assert any(text.startswith("Because you liked ") for text in texts)
    assert not {each["id"] for each in answer["recommendations"]} & set(LIKED)


def test_the_mean_of_what_why_says_of_each_liked_model_is_the_score(run: Run) -> None:
    for each in found(run, *liked(LIKED), "-k", "4")["recommendations"]:
        scores = []
        for one in LIKED:
            (only,) = json.loads(run("why", one, each["id"], "--format", "json").stdout)["recommendations"]
            scores.append(only["score"])
        assert each["score"] == pytest.approx(float(np.mean(scores)), abs=1e-4)


def test_a_file_of_liked_models_may_hold_old_ids(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "liked.txt"
    file.write_text(f"bert-base-uncased\n\n{LIKED[1]}\n", encoding="utf-8")
    answer = found(run, "--liked-file", str(file), "--liked", LIKED[2], "-k", "3")
    assert set(answer["query"]["liked"]) == set(LIKED)
    table = run("recommend", "--liked-file", str(file), "-k", "3").stdout
    assert "Because you liked" in table


def test_every_reason_for_a_person_can_be_run_again(run: Run) -> None:
    for each in found(run, *liked(LIKED), "-k", "3", "--novelty", "1")["recommendations"]:
        for reason in each["reasons"][:-1]:
            given = [word for name, value in reason["params"].items() for word in ("-p", f"{name}={json.dumps(value)}")]
            result = run("query", reason["cypher"], *given, "--format", "json")
            assert result.exit_code == 0, (reason, result.output)
            assert json.loads(result.stdout), reason


@pytest.mark.parametrize("question", [("google-bert/bert-base-uncased",), ("--author", "sentence-transformers")])
def test_hidden_gems_and_the_well_trodden_are_other_lists(
    run: Run, client: FlaskClient, question: tuple[str, ...]
) -> None:
    downloads = {}
    for novelty in (-1.0, 0.0, 1.0):
        result = run("recommend", *question, "-k", "10", "--novelty", str(novelty), "--format", "csv")
        rows = [line.split(",") for line in result.stdout.splitlines()]
        column = rows[0].index("downloads")
        downloads[novelty] = float(np.mean([np.log1p(int(row[column] or 0)) for row in rows[1:]]))
        answer = found(run, *question, "-k", "10", "--novelty", str(novelty))
        assert adds_up(answer)
        told = sum(
            r["text"].startswith("It is used by ") for each in answer["recommendations"] for r in each["reasons"]
        )
        assert told == (10 if novelty else 0)
        if question[0] == "--author":
            api = client.get(f"/api/v1/authors/{question[1]}/recommendations", query_string={"novelty": novelty})
        else:
            api = client.get("/api/v1/recommendations", query_string={"id": question[0], "novelty": novelty})
        assert answer == without_links(api.get_json())
    assert downloads[-1.0] > downloads[0.0] > downloads[1.0]
