"""Judging methods on the built sample, as it was before a cut."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("quick")

CUT = "2023-09-01"
#: What lists do not tell of those who made them.
UNKNOWN = {"seconds": None, "peak MB": None}


def test_the_figures_can_be_worked_out_again_from_the_lists(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lists.jsonl"
    methods = ("--methods", "popularity,ease,als", "--seeds", "0,1", "--export", str(file))
    result = run("evaluate", "built-next", "--cut", CUT, *methods, "--format", "json")
    assert result.exit_code == 0, result.output
    table = {each["method"]: each for each in json.loads(result.stdout)}
    assert list(table) == sorted(table, key=lambda name: -table[name]["measures"]["warm ndcg@20"])
    lists = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {(each["method"], each["seed"]) for each in lists} == {
        ("popularity", 0), ("ease", 0), ("als", 0), ("als", 1)
    }  # fmt: skip
    built = run(
        "query",
        "MATCH (a:Author)<-[:PUBLISHED_BY]-(c:Model)-[:BASED_ON]->(b:Model) "
        "WHERE b.author <> a.name RETURN a.name AS author, b.id AS base, b.createdAt AS made, min(c.createdAt) AS day",
        "--format",
        "json",
    )
    pairs = json.loads(built.stdout)
    assert len(pairs) < 1_000, "the query was cut off"
    old = {(row["author"], row["base"]) for row in pairs if row["day"][:10] < CUT}
    items = {base for _, base in old}
    truth: dict[str, set[str]] = {}
    for row in pairs:
        if row["day"][:10] >= CUT and row["made"][:10] < CUT and any(author == row["author"] for author, _ in old):
            truth.setdefault(row["author"], set()).add(row["base"])
    recalls = []
    for each in lists:
        if each["method"] == "ease":
            assert each["scores"] == sorted(each["scores"], reverse=True)
            assert not {(each["query"], id_) for id_ in each["ranked"]} & old
            wanted = truth.pop(each["query"])
            if wanted & items:
                recalls.append(len(wanted & items & set(each["ranked"][:20])) / len(wanted & items))
    assert not truth
    assert len(recalls) > 5
    assert table["ease"]["measures"]["warm recall@20"] == pytest.approx(np.mean(recalls))
    assert table["als"]["seeds"] == 2
    found = table["ease"]["intervals"]["warm recall@20"]
    assert found["low"] <= found["mean"] <= found["high"]
    assert sum(not each["against"] for each in table.values()) == 1


def test_the_table_says_what_was_asked_and_what_it_is_compared_with(run: Run) -> None:
    result = run("evaluate", "built-next", "--cut", CUT, "--until", "2024-01-01", "--methods", "popularity,ease")
    assert result.exit_code == 0, result.output
    assert "training pairs" in result.stderr
    assert "Δ is the difference to" in result.stderr
    assert "warm recall@20" in result.stdout
    assert "+0." in result.stdout or "-0." in result.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the memory of a part of the work is not known")
def test_what_a_method_costs_stands_beside_what_it_is_worth(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("evaluate", "built-next", "--cut", CUT, "--methods", "popularity,ease")
    told = run(*asked, "--format", "json")
    held = int(re.findall(r"held ([\d,]+) MB before the first method", told.stderr)[0].replace(",", ""))
    for each in json.loads(told.stdout):
        assert held * 0.9 < each["peak MB"] < held + 500
        assert each["seconds"] > 0
    header, _, *rows = run(*asked, "--format", "markdown").stdout.splitlines()
    assert header.endswith("| seconds | peak MB |")
    assert all(int(row.split(" | ")[-1].strip(" |")) > held * 0.9 for row in rows)
    assert run(*asked).stdout.splitlines()[0].endswith("peak MB")
    monkeypatch.setattr("graph.memory._SELF", Path("/nowhere"))
    other = run(*asked, "--format", "json")
    assert [each["peak MB"] for each in json.loads(other.stdout)] == [None, None]
    assert "Peak MB" not in other.stderr
    assert "peak MB" not in run(*asked).stdout


def test_lineage_is_traced(run: Run) -> None:
    result = run("evaluate", "lineage", "--cut", CUT, "--methods", "names,children,mix", "--format", "json")
    assert result.exit_code == 0, result.output
    table = {each["method"]: each["measures"] for each in json.loads(result.stdout)}
    assert set(table) == {"names", "children", "mix"}
    assert table["mix"]["all mrr"] > table["children"]["all mrr"]
    assert all(0 <= value <= 1 for row in table.values() for value in row.values())


def test_datasets_are_told_and_first_builds(run: Run) -> None:
    result = run("evaluate", "dataset", "--cut", CUT, "--methods", "popularity,nearest-texts,mix", "--format", "json")
    assert result.exit_code == 0, result.output
    table = {each["method"]: each["measures"] for each in json.loads(result.stdout)}
    assert set(table) == {"popularity", "nearest-texts", "mix"}
    assert all(0 < row["all mrr"] <= row["known mrr"] <= 1 for row in table.values())
    result = run(
        "evaluate", "built-next-cold", "--cut", CUT, "--methods", "popularity,ease,reranker", "--format", "json"
    )
    assert result.exit_code == 0, result.output
    table = {each["method"]: each["measures"] for each in json.loads(result.stdout)}
    assert table["ease"]["strict recall@20"] == table["popularity"]["strict recall@20"] > 0


def test_a_network_is_judged_without_its_parts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known under another name is not made twice."""
    monkeypatch.setattr("gnn.ranking.ablations.PARTS", ("messages", "CITES"))
    asked = ("evaluate", "built-next", "--cut", CUT, "--format", "json")
    result = run(*asked, "--methods", "gat,no-messages", "--ablations")
    assert result.exit_code == 0, result.output
    methods = {each["method"] for each in json.loads(result.stdout)}
    assert methods == {"gat", "no-messages", "gat without attention", "gat without CITES"}
    result = run(*asked, "--methods", "popularity,gat without CITES", "--against", "popularity")
    assert [each["method"] for each in json.loads(result.stdout) if each["against"]] == ["gat without CITES"]
    result = run(*asked, "--methods", "ease", "--ablations")
    assert result.exit_code == 1
    assert "which is not among the methods" in " ".join(result.output.split())


def test_lists_of_a_file_are_judged_as_when_they_were_made(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lists.jsonl"
    asked = ("evaluate", "built-next", "--cut", CUT)
    methods = ("--methods", "popularity,ease,als", "--seeds", "0,1")
    made = run(*asked, *methods, "--export", str(file), "--against", "popularity", "--format", "json")
    again = run(*asked, "--lists", str(file), "--against", "popularity", "--format", "json")
    assert again.exit_code == 0, again.output
    first, second = ({each["method"]: each for each in json.loads(each.stdout)} for each in (made, again))
    assert list(first) == list(second)
    for name, row in first.items():
        assert {**row, **UNKNOWN} == second[name]
        assert bool(row["against"]) == (name != "popularity")
    table = run(*asked, "--lists", str(file), "--methods", "als", "--against", "ease", "--format", "markdown")
    lines = table.stdout.splitlines()
    assert lines[0].startswith("| method | warm recall@20 |")
    assert set(lines[1]) == {"|", "-"}
    assert sorted(line.split(" | ")[0] for line in lines[2:]) == ["| als", "| ease"]
    assert "Δ is the difference to ease" in table.stderr


def test_groups_are_judged_from_lists_as_when_they_were_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lists.jsonl"
    asked = ("evaluate", "built-next", "--cut", CUT)
    grouped = ("--by", "author-size", "--against", "ease")
    made = run(*asked, "--methods", "popularity,ease", "--export", str(file), *grouped, "--format", "json")
    again = run(*asked, "--lists", str(file), *grouped, "--format", "json")
    assert again.exit_code == 0, again.output
    assert json.loads(made.stdout) == json.loads(again.stdout)
    whole = {each["method"]: each for each in json.loads(run(*asked, "--lists", str(file), "--format", "json").stdout)}
    for row in json.loads(made.stdout):  # the sample is small: all authors are in one group
        assert row["group"] == "other"
        assert row["intervals"]["warm ndcg@20"] == whole[row["method"]]["intervals"]["warm ndcg@20"]
        assert bool(row["against"]) == (row["method"] == "popularity")
    monkeypatch.setattr("gnn.ranking.groups.FEWEST", 1)
    table = run(*asked, "--lists", str(file), "--by", "popularity", "--format", "markdown").stdout.splitlines()
    assert table[0].startswith("| group | queries | items | method | warm recall@20 | warm ndcg@20 | Δ")
    assert table[0].endswith("| exposure | coverage | gini |")
    first = [line.split(" | ") for line in table[2:] if line.startswith("| decile 1: built upon by ")]
    assert len(first) == 2
    exposure = {row[3]: float(row[8]) for row in first}
    assert exposure["popularity"] > exposure["ease"]


def test_the_control_of_popularity_has_a_price(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lists.jsonl"
    asked = ("evaluate", "built-next", "--cut", CUT, "--against", "ease", "--format", "json")
    made = run(*asked, "--methods", "ease", "--novelty=-1,1", "--export", str(file))
    assert made.exit_code == 0, made.output
    table = {each["method"]: each for each in json.loads(made.stdout)}
    assert set(table) == {"ease", "ease novelty -1", "ease novelty 1"}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    counted = run(
        "query",
        "MATCH (a:Author)<-[:PUBLISHED_BY]-(c:Model)-[:BASED_ON]->(b:Model) "
        f"WHERE b.author <> a.name AND c.createdAt < datetime('{CUT}T00:00:00Z') "
        "RETURN b.id AS base, count(DISTINCT a) AS authors",
        "--format",
        "json",
    )
    builds = {row["base"]: row["authors"] for row in json.loads(counted.stdout)}
    for name, row in table.items():
        shown = [each for line in rows if line["method"] == name for each in line["ranked"][:20]]
        ranks = [1 + sum(other > builds[each] for other in builds.values()) for each in shown]
        assert row["median rank"] == np.median(ranks)
    assert table["ease novelty 1"]["against"]["warm ndcg@20"]["mean"] < 0
    again = {each["method"]: each for each in json.loads(run(*asked, "--lists", str(file)).stdout)}
    assert again == {name: {**row, **UNKNOWN} for name, row in table.items()}


def test_recommendations_for_a_model_are_judged(run: Run) -> None:
    result = run("evaluate", "for-model", "--cut", CUT, "--methods", "popularity,texts,blend", "--format", "json")
    assert result.exit_code == 0, result.output
    table = {each["method"]: each["measures"] for each in json.loads(result.stdout)}
    assert set(table) == {"popularity", "texts", "blend"}
    assert all(0 <= value <= 1 for row in table.values() for value in row.values())
    assert "2 models, 6 pairs" in result.stderr


def test_lists_that_answer_something_else_are_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lists.jsonl"
    asked = ("evaluate", "built-next", "--cut", CUT, "--lists", str(file))
    file.write_text('{"method": "mine", "query": "nobody", "ranked": ["a"]}\n', encoding="utf-8")
    result = run(*asked)
    assert result.exit_code == 1
    assert "mine with seed 0 has no list for" in result.output
    for line in ("{", "[]", '{"method": "mine"}', '{"method": "mine", "query": "a", "ranked": 3}'):
        file.write_text(f'{{"method": "mine", "query": "nobody", "ranked": ["a"]}}\n{line}\n', encoding="utf-8")
        result = run(*asked)
        assert result.exit_code == 1
        assert "lists.jsonl, line 2: this is no ranked list" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("built-next",), "--cut 2024-04-01"),
        (("--cut", CUT), "hfmrs evaluate built-next --cut"),
        (("built-next", "--cut", CUT, "--until", CUT), "not after --cut"),
        (("built-next", "--cut", CUT, "--seeds", "one"), "no list of numbers"),
        (("built-next", "--cut", CUT, "--methods", "magic"), "There is no method 'magic' for built-next"),
        (("built-next", "--cut", CUT, "--against", "magic"), "There is no method 'magic' for built-next"),
        (("built-next", "--cut", CUT, "--lists", __file__, "--export", "x"), "leave out --export"),
        (("built-next", "--cut", CUT, "--novelty", "0,2"), "from -1 to 1"),
        (("built-next", "--cut", CUT, "--novelty", "much"), "from -1 to 1"),
        (("lineage", "--cut", CUT, "--novelty", "0.5"), "leave it out"),
        (("built-next", "--cut", CUT, "--novelty", "0.5", "--lists", __file__), "leave it out"),
        (("for-model", "--cut", CUT, "--ablations"), "leave it out"),
        (("lineage", "--cut", CUT, "--ablations", "--lists", __file__), "leave it out"),
        (("lineage", "--cut", CUT, "--methods", "gat without speed"), "There is no method 'gat without speed'"),
        (("--ablations",), "hfmrs evaluate built-next --ablations"),
        (("--by", "task"), "hfmrs evaluate built-next --by"),
        (("--against", "ease"), "hfmrs evaluate built-next --against"),
        (("built-next", "--cut", "2100-01-01"), "Choose another --cut"),
        (("built-next", "--cut", "2000-01-01"), "Choose another --cut"),
    ],
)
def test_what_cannot_be_judged_is_said(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run("evaluate", *arguments)
    assert result.exit_code in (1, 2)
    assert message in result.output
    assert "Traceback" not in result.output
