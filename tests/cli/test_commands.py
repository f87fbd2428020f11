"""Every command that reads, on the built sample."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import hfmrs
from etl.sample import expand
from graph import languages, recommend, search
from graph.errors import BadInput, NotBuilt
from graph.statements import statements
from graph.topics import TOPICS
from hfmrs import asking
from hfmrs.commands import ask, filters
from tests.cli.conftest import Run

BERT = "google-bert/bert-base-uncased"
FAR = "dslim/bert-base-NER"  # of the same sort of task, and not near


def answer(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_choices_are_those_of_the_library() -> None:
    assert (ask.METHODS, ask.SORTS, ask.REASONS) == (recommend.METHODS, recommend.SORTS, recommend.REASONS)
    assert ask.SEARCH_SORTS == search.SORTS
    assert tuple(languages.LANGUAGES) == ask.LANGUAGES
    assert ask.AUTHOR_METHODS == recommend.AUTHOR_METHODS


@pytest.mark.parametrize("method", ask.METHODS)
@pytest.mark.parametrize("reasons", ["first", "all"])
def test_an_old_id_is_answered_with_reasons_that_add_up_to_the_score(run: Run, method: str, reasons: str) -> None:
    arguments = ("--method", method, "--reasons", reasons, "-k", "5", "--format", "json")
    found = answer(run("recommend", "bert-base-uncased", *arguments))
    assert found["query"]["ids"] == [BERT]
    assert found["method"] == method
    assert bool(found["run"]) == (method in ("gat", "gcn"))
    assert [each["rank"] for each in found["recommendations"]] == [1, 2, 3, 4, 5]
    for each in found["recommendations"]:
        shares = [reason["contribution"] for reason in each["reasons"] if reason["contribution"] is not None]
        assert sum(shares) == pytest.approx(each["score"], abs=1e-4)
        assert each["reasons"][-1]["kind"] == "rest"
        for reason in each["reasons"][:-1]:
            assert {"kind", "text", "contribution", "path", "cypher", "params"} <= reason.keys()


def test_a_reason_can_be_run_again_as_a_query(run: Run) -> None:
    found = answer(run("recommend", BERT, "-k", "3", "--format", "json"))
    reasons = [reason for each in found["recommendations"] for reason in each["reasons"] if reason["cypher"]]
    assert reasons
    for reason in reasons:
        given = [word for name, value in reason["params"].items() for word in ("-p", f"{name}={json.dumps(value)}")]
        assert answer(run("query", reason["cypher"], *given, "--format", "json")), reason["text"]


def test_a_file_of_ids_is_answered_line_by_line(run: Run, tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text(f"{BERT}\n\nopenai/whisper-small\n", encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(run("recommend", "--file", str(ids), "-k", "3", "--format", "csv").stdout)))
    assert [row["query"] for row in rows] == [BERT] * 3 + ["openai/whisper-small"] * 3
    lines = run("recommend", "--file", "-", "-k", "2", "--format", "jsonl", input=f"{BERT}\n").stdout.splitlines()
    assert [json.loads(line)["query"]["ids"] for line in lines] == [[BERT]]


def test_several_ids_are_one_question(run: Run) -> None:
    found = answer(run("recommend", BERT, "FacebookAI/roberta-base", "-k", "3", "--format", "json"))
    assert found["query"]["ids"] == [BERT, "FacebookAI/roberta-base"]
    assert not {each["id"] for each in found["recommendations"]} & set(found["query"]["ids"])


def test_an_author_is_answered_with_models_of_others(run: Run) -> None:
    found = answer(run("recommend", "--author", "sentence-transformers", "-k", "5", "--format", "json"))
    assert found["query"]["author"] == "sentence-transformers"
    assert not any(each["id"].startswith("sentence-transformers/") for each in found["recommendations"])


def test_the_order_is_the_one_asked_for(run: Run) -> None:
    rows = csv.DictReader(io.StringIO(run("recommend", BERT, "--sort", "downloads", "--format", "csv").stdout))
    downloads = [int(row["downloads"]) for row in rows]
    assert downloads == sorted(downloads, reverse=True)


def test_filters_are_those_of_the_library_and_too_few_are_said(run: Run) -> None:
    assert set(filters.NAMES) == set(recommend.Filters.__slots__)
    given = ("--max-parameters", "0.12B", "--permissive", "--same-task")
    found = run("recommend", BERT, "-k", "500", "--reasons", "none", "--format", "json", *given)
    said = answer(found)
    assert said["query"]["filters"] == {"same_task": True, "permissive": True, "max_parameters": 120_000_000}
    assert 0 < len(said["recommendations"]) < 500
    assert said["shortage"].strip() == found.stderr.strip()
    assert run("recommend", BERT, "--max-parameters", "big").exit_code == 2


def test_the_table_shows_rank_id_score_and_a_sentence(run: Run) -> None:
    lines = run("recommend", BERT, "-k", "3").stdout.splitlines()
    assert lines[0].split() == ["rank", "id", "score", "why"]
    assert lines[1].split()[0] == "1"


def test_why_adds_up_and_names_both(run: Run) -> None:
    found = answer(run("why", "bert-base-uncased", "roberta-base", "--format", "json"))
    (only,) = found["recommendations"]
    assert (found["query"]["ids"], only["id"]) == ([BERT], "FacebookAI/roberta-base")
    rows = csv.DictReader(io.StringIO(run("why", BERT, "roberta-base", "--format", "csv").stdout))
    assert sum(float(row["share"]) for row in rows if row["share"]) == pytest.approx(only["score"], abs=1e-2)
    assert only["id"] in run("why", BERT, "roberta-base").stdout


def test_why_shows_three_reasons_first_and_says_how_many_there_are(run: Run) -> None:
    brief, every = (run("why", BERT, "roberta-base", "--reasons", which).stdout for which in ("first", "all"))
    assert brief == run("why", BERT, "roberta-base").stdout
    last = brief.split("\n\n")[1].strip().splitlines()[-1]
    assert (more := re.fullmatch(r"… (\d+) more: --reasons all", last))
    rows = list(csv.DictReader(io.StringIO(run("why", BERT, "roberta-base", "--format", "csv").stdout)))
    assert 2 <= len(rows) - 1 <= 4  # the rest, and a counterfactual
    assert len(answer(run("why", BERT, "roberta-base", "--format", "json"))["recommendations"][0]["reasons"]) == len(
        rows
    ) + int(more[1])
    assert rows[0]["reason"] in every
    assert "more: --reasons" not in every


def test_why_tells_where_it_stands_and_in_german(run: Run) -> None:
    inside = run("why", BERT, "roberta-base", "-k", "40").stdout
    assert "It is number " in inside
    speech = run("why", BERT, "openai/whisper-small").stdout
    assert "It does not come into question beside bert-base-uncased: it is for another sort of task" in speech
    far = run("why", BERT, FAR).stdout
    assert re.search(r"Only the \d+ models nearest to bert-base-uncased by network and text come into question", far)
    german = run("why", BERT, FAR, "--language", "de").stdout
    assert re.search(r"Nur die \d+ Modelle, die bert-base-uncased nach Netz und Text am nächsten sind", german)
    assert "Alles Kleinere" in german
    assert "Alles Kleinere" in run("recommend", BERT, "-k", "1", "--language", "de", "--format", "json").stdout


def test_search_finds_by_meaning_and_filters(run: Run) -> None:
    found = answer(run("search", "sentence similarity in German", "-k", "5", "--format", "json"))
    assert len(found["models"]) == 5
    whisper = answer(run("search", "whisper", "--task", "automatic-speech-recognition", "--format", "json"))
    assert whisper["models"]
    assert {each["task"] for each in whisper["models"]} == {"automatic-speech-recognition"}
    same = answer(run("search", "whisper task:automatic-speech-recognition", "--format", "json"))
    assert same["models"] == whisper["models"]
    mistyped = run("search", "whispr kind:original", "--sort", "likes")
    assert "Showing results for whisper kind:original." in mistyped.stderr
    assert "There is no field tusk:" in run("search", "tusk:x").stderr


def test_the_catalogue_lists_statements_that_run_by_name(run: Run) -> None:
    rows = answer(run("query", "--list", "--format", "json"))
    assert rows[0]["kind"] == next(iter(TOPICS))
    assert {row["kind"] for row in rows} == {*TOPICS, "Graphs"}
    assert len(rows) == len(statements("analysis")) + len(statements("browser"))
    everything = answer(run("query", "--list", "--all", "--format", "json"))
    assert everything[: len(rows)] == rows
    assert "recommend/links" in [row["name"] for row in everything]
    assert run("query", "--all").exit_code == run("query", "RETURN 1", "--all").exit_code == 2
    assert run("query", "explore/counts").exit_code == 0


def test_no_rows_are_a_sentence_and_a_wrong_name_another(run: Run) -> None:
    for form, shown in (("table", ""), ("csv", ""), ("json", "[]\n"), ("jsonl", "")):
        result = run("query", "MATCH (m:Modle) RETURN m", "--format", form)
        assert (result.exit_code, result.stdout) == (0, shown)
        assert result.stderr == "There is no label `Modle`; did you mean Model?\nNo rows.\n"
    named = run("query", "analysis/ancestry", "-p", "id=nobody", "--format", "csv")
    assert (named.stdout, named.stderr) == ("child,base,relation,generation\n", "No rows.\n")


def test_a_node_is_shown_without_what_nobody_reads(run: Run) -> None:
    cypher = f"MATCH p = (:Model {{id: '{BERT}'}})-[:FOR_TASK]->() RETURN p, nodes(p) AS nodes"
    for form in ("table", "csv", "markdown"):
        shown = run("query", cypher, "--format", form).stdout
        assert "fill-mask" in shown
        assert not re.search("Embedding|Hash|gatNe", shown)
    (row,) = answer(run("query", f"MATCH (m:Model {{id: '{BERT}'}}) RETURN m", "--format", "json"))
    assert row["m"]["properties"]["textEmbedding"] == "[256 numbers]"


def test_a_plan_is_printed_line_by_line(run: Run) -> None:
    lines = run("query", "EXPLAIN MATCH (m:Model {id: $id}) RETURN m.likes AS likes", "-p", "id=x").stdout.splitlines()
    assert len(lines) >= 3
    assert any("Seek" in line for line in lines)
    assert "plan" not in map(str.strip, lines)


@pytest.mark.parametrize(
    ("text", "given", "sentence", "example"),
    [
        ("MATCH (m {id: $id}) RETURN m LIMIT $k", ["k=1"], "needs the parameter 'id'.", "-p id=VALUE"),
        ("MATCH (m:Model) WHERE m.createdAt > $day AND m.id > $id RETURN m", [], "'day', a datetime.",
         "-p day=2024-01-31 -p id=VALUE"),
        ("explore/search_meaning", ["k=1"], "'vector', a list.", "-p vector='[0.5, 1]'"),
    ],
)  # fmt: skip
def test_a_parameter_that_lacks_is_told_as_one_gives_it(
    text: str, given: list[str], sentence: str, example: str
) -> None:
    nothing: Any = None
    with pytest.raises(BadInput) as raised:
        asking.run(nothing, text, given, nothing)
    assert sentence in raised.value.message
    assert raised.value.hint.endswith(f"Give it, such as: {example}")


def test_a_query_takes_parameters_as_text_or_json(run: Run) -> None:
    cypher = "MATCH (m:Model) WHERE m.id IN $ids RETURN m.id AS id, $n AS n LIMIT 5"
    rows = answer(run("query", cypher, "-p", f'ids=["{BERT}"]', "-p", "n=two", "--format", "json"))
    assert rows == [{"id": BERT, "n": "two"}]


def test_a_result_that_was_cut_is_said_to_be(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HFMRS_QUERY_ROWS", "3")
    result = run("query", "MATCH (m:Model) RETURN m.id AS id", "--format", "jsonl")
    assert len(result.stdout.splitlines()) == 3
    assert "Only the first 3 rows" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("recommend", "no/such-model"), "There is no model 'no/such-model'"),
        (("recommend", "--author", "nobody-at-all"), "There is no author"),
        (("recommend", "--liked", BERT, "--liked", "no/such-model"), "There is no model 'no/such-model'"),
        (("recommend", "--liked-file", os.devnull), "No liked model was given"),
        (("recommend", "--author", "google-bert", "--method", "cosine"), "cosine knows no authors"),
        (("why", BERT, BERT), "given twice"),
        (("query", "recommend/nothing"), "There is no statement"),
        (("query", "recommend/links", "-p", "x=1"), "no parameter 'x'"),
        (("query", "RETURN 1", "-p", "1"), "is not NAME=VALUE"),
        (("query", "MATCH (n) DETACH DELETE n"), ""),
        (("query", "MATCH (n RETURN n"), ""),
        (("load", "missing.jsonl"), "missing.jsonl"),
        (("load", "README.md"), "README.md"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_error_is_one_sentence_and_what_to_do_next(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    first, hint, *more = result.stderr.splitlines()
    assert first.startswith("Error: ")
    assert said in first
    assert hint.startswith("  ")
    assert more == []
    assert isinstance(run("--debug", *arguments).exception, Exception)


def test_a_wrong_second_file_is_said_before_the_first_is_loaded(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "models.jsonl", tmp_path / "models.csv"
    first.write_text('{"id": "o/never-loaded"}\n', encoding="utf-8")
    second.write_text("name\nx\n", encoding="utf-8")
    home = tmp_path / "home"
    result = run("load", str(first), str(second), home=home)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "models.csv has no column id" in result.stderr
    assert not home.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "RETURN 1"),
        ("search", "bert"),
        ("recommend", BERT),
        ("why", BERT, "openai/whisper-small"),
        ("report",),
        ("runs", "list"),
        ("evaluate",),
        ("build",),
        ("serve",),
        ("browser",),
        ("db", "digest"),
    ],
    ids=" ".join,
)
def test_what_only_reads_makes_no_graph(run: Run, home: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, home=home)
    assert (result.exit_code, result.stdout) == (1, "")
    first, hint = result.stderr.splitlines()
    assert first == f"Error: There is no graph in {home}."
    assert "HFMRS_HOME" in hint
    assert not home.exists()


def test_doctor_and_notebooks_say_that_there_is_no_graph(run: Run, home: Path) -> None:
    (said,) = (row for row in answer(run("doctor", "--format", "json", home=home)) if row["check"] == "database")
    assert (said["state"], said["found"]) == ("missing", f"There is no graph in {home}.")
    with pytest.raises(NotBuilt, match=f"There is no graph in {home}. Run this in your clone"):
        hfmrs.connect()
    assert not home.exists()


def test_an_empty_graph_says_that_nothing_is_loaded(run: Run, home: Path) -> None:
    assert run("db", "start", home=home).exit_code == 0
    result = run("recommend", BERT, home=home)
    assert (result.exit_code, result.stderr.splitlines()[0]) == (1, "Error: This database holds nothing yet.")


def test_a_fault_of_ours_is_said_to_be_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.pairs.why", lambda *a, **k: {}["missing"])
    result = run("why", "a/b", "c/d")
    assert result.exit_code == 1
    assert "hfmrs --debug why" in result.stderr
    assert "Traceback" not in result.output


def test_doctor_finds_everything_in_place(run: Run) -> None:
    rows = {row["check"]: row["state"] for row in answer(run("doctor", "--format", "json"))}
    assert set(rows.values()) == {"ok"}
    assert {"python", "torch", "dgl", "home", "database", "models", "embedder", "runs"} <= rows.keys()


def test_the_digest_counts_what_was_loaded(run: Run) -> None:
    rows = {row["part"]: row for row in answer(run("db", "digest", "--format", "json"))}
    assert rows["Model"]["rows"] == len(expand())
    assert {"FOR_TASK", "BASED_ON", "ALIAS_OF", "whole"} <= rows.keys()
    assert all(len(row["digest"]) == 32 for row in rows.values())


def test_build_skips_what_has_not_changed(run: Run) -> None:
    rows = answer(run("build", "--format", "json"))
    assert [row["stage"] for row in rows] == ["embed", "similar", "train", "publish", "describe", "advise"]
    assert all(row["done"].startswith("unchanged") for row in rows)
