"""`hfmrs runs`: what is told of trained networks, and an older one put into service again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from etl.sample import expand
from graph import embedded
from hfmrs.cli import cli
from hfmrs.session import Session
from tests.cli.conftest import Run
from tests.cli.test_report import Page
from tests.cli.test_update import NEW

BERT = "google-bert/bert-base-uncased"


def recorded(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


def change(folder: Path, **values: Any) -> None:
    """Other values in a run's record; in that of its metrics where they are measures."""
    about = recorded(folder)
    for name, value in values.items():
        (about["metrics"] if name in about["metrics"] else about)[name] = value
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """A home with the built runs that a test may change, and nothing else."""
    shutil.copytree(built / "runs", tmp_path / "runs")
    return tmp_path


def run_of(home: Path, method: str) -> Path:
    (folder,) = (home / "runs").glob(f"{method}-*")
    return folder


def test_the_list_is_newest_first_and_tells_what_was_measured(run: Run, built: Path) -> None:
    rows = json.loads(run("runs", "list", "--format", "json").stdout)
    assert [row["method"] for row in rows] == ["gcn", "gat"]
    assert [row["created"] for row in rows] == sorted((row["created"] for row in rows), reverse=True)
    for row in rows:
        metrics = recorded(built / "runs" / row["id"])["metrics"]
        assert row["epochs"] == len(metrics["curve"])
        assert row["seconds"] == round(metrics["seconds"])
        assert row["peak MB"] == metrics["peak_mb"] > 100
        assert row["MRR all"] == metrics["overall_mrr"][row["method"]]
        assert row["MRR author"] == metrics["held_out"][row["method"]]["author"]["mrr"]
        assert row["in service"] is True
    table = run("runs", "list").stdout.splitlines()
    assert table[0].startswith("id")
    assert len(table) == 3


def test_two_runs_are_compared_by_settings_and_measures(run: Run, built: Path) -> None:
    result = run("runs", "compare", "gat", "gcn", "--format", "json")
    rows = json.loads(result.stdout)
    assert [(row["what"], row["a"], row["b"]) for row in rows if row["part"] == "settings"] == [
        ("method", "gat", "gcn")
    ]
    gat, gcn = (recorded(run_of(built, method))["metrics"]["held_out"][method]["model"] for method in ("gat", "gcn"))
    (hits,) = (row for row in rows if (row["part"], row["what"]) == ("held out, model", "hits@10"))
    assert (hits["a"], hits["b"]) == (gat["hits@10"], gcn["hits@10"])
    assert hits["difference"] == pytest.approx(gcn["hits@10"] - gat["hits@10"])
    assert result.stderr == f"a is {run_of(built, 'gat').name}, b is {run_of(built, 'gcn').name}.\n"


def test_measures_on_different_links_are_said_to_be(run: Run, copied: Path) -> None:
    change(run_of(copied, "gcn"), held_out_from_day=1.0)
    result = run("runs", "compare", "gat", "gcn", home=copied)
    assert result.exit_code == 0
    assert "cannot be compared" in result.stderr


def test_every_training_leaves_a_report_in_one_file(run: Run, built: Path, tmp_path: Path) -> None:
    for folder in (built / "runs").iterdir():
        assert (folder / "report.html").is_file()
    result = run("runs", "report", "gat", "--output", str(tmp_path / "new" / "gat.html"))
    assert result.stdout == f"{tmp_path / 'new' / 'gat.html'}\n"
    text = (tmp_path / "new" / "gat.html").read_text(encoding="utf-8")
    folder = run_of(built, "gat")
    assert text == (folder / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert (page.open, page.fetched) == ([], [])
    assert "script" not in page.tags
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"url\(|@import", text)
    about = recorded(folder)
    assert {folder.name, about["metrics"]["data"]} <= set(re.findall(r">([^<>]+)<", text))
    for shown in ("epoch", "loss", "MRR", "Popularity", "learning rate", str(about["settings"]["learning_rate"])):
        assert f">{shown}</" in text
    best = max(about["metrics"]["curve"], key=lambda row: row["mrr"])
    assert f"<title>epoch {best['epoch']}: {best['mrr']:.3f}</title>" in text
    assert text.count('<path class="curve"') == 4  # two curves, each wide and narrow
    assert f"{about['metrics']['overall_mrr']['popularity']:.3f}</dd>" in text


def test_a_run_that_measured_less_has_a_line_and_a_report(run: Run, copied: Path) -> None:
    folder = run_of(copied, "gat")
    change(folder, metrics={"seconds": 3.0})
    (folder / "report.html").unlink()
    result = run("runs", "report", folder.name, home=copied)
    assert result.stdout == f"{folder / 'report.html'}\n"
    assert Page((folder / "report.html").read_text(encoding="utf-8")).open == []
    assert run("runs", "compare", "gat", "gcn", home=copied).exit_code == 0


def test_what_cannot_be_read_is_left_out_of_the_list_and_named(run: Run, copied: Path) -> None:
    (run_of(copied, "gcn") / "run.json").write_text("{", encoding="utf-8")
    shutil.copytree(run_of(copied, "gat"), copied / "runs" / "a-copy")
    result = run("runs", "compare", "gat", "gcn", home=copied)
    assert result.stderr.splitlines() == [
        "Error: There is no run 'gcn'.",
        f"  There are: {run_of(copied, 'gat').name}.",
    ]
    try:
        with Session(copied, debug=True).database(create=True):
            pass  # a graph that knows of no run
        listed = run("runs", "list", "--format", "json", home=copied)
    finally:
        embedded.stop(copied)
    assert [row["method"] for row in json.loads(listed.stdout)] == ["gat"]
    assert [row["in service"] for row in json.loads(listed.stdout)] == [False]
    assert listed.stderr.count("cannot be read") == 2
    assert f"a-copy cannot be read: it is of {run_of(copied, 'gat').name}." in listed.stderr


@pytest.mark.parametrize("command", ["publish", "report", "remove"])
def test_a_wrong_id_is_answered_with_those_there_are(run: Run, built: Path, home: Path, command: str) -> None:
    ids = sorted((folder.name for folder in (built / "runs").iterdir()), key=lambda id: id.split("-", 1)[1])[::-1]
    unknown = run("runs", command, "nothing")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr.splitlines() == ["Error: There is no run 'nothing'.", f"  There are: {', '.join(ids)}."]
    several = run("runs", command, "g")
    assert several.stderr.splitlines()[0] == "Error: More than one run begins with 'g'."
    assert all(id in several.stderr.splitlines()[1] for id in ids)
    assert run("runs", command, "", home=built).exit_code == 1
    assert "hfmrs build" in run("runs", command, "gat", home=home).stderr


def test_a_report_that_cannot_be_written_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("runs", "report", "gat", "--output", str(tmp_path / "file" / "below.html"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be written" in result.stderr
    assert "--output" in result.stderr


@pytest.fixture
def twice(built_files: Path, tmp_path: Path, quick: None) -> Iterator[tuple[Path, str, str]]:
    """A home of the sample with two networks of one method, of which the second is in service; and their ids."""
    folder = tmp_path / "twice"
    shutil.copytree(built_files, folder)
    (folder / "hfmrs.toml").write_text('heap = "1g"\nnetworks = "gat"\n', encoding="utf-8")
    first = run_of(folder, "gat").name
    second = json.loads(call(folder, "build", "--only", "train", "--format", "json").stdout)[0]["done"]
    assert built_stages(folder)["publish"].endswith(second)
    yield folder, first, second
    embedded.stop(folder)


def call(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *arguments], prog_name="hfmrs")


def serving(home: Path) -> list[str]:
    """The network that the list says is in service, and the one that answers."""
    rows = json.loads(call(home, "runs", "list", "--format", "json").stdout)
    answer = json.loads(call(home, "recommend", BERT, "-k", "3", "--format", "json").stdout)
    assert len(answer["recommendations"]) == 3
    return [*(row["id"] for row in rows if row["in service"] and row["method"] == "gat"), answer["run"].split(".")[0]]


def built_stages(home: Path) -> dict[str, str]:
    return {row["stage"]: row["done"] for row in json.loads(call(home, "build", "--format", "json").stdout)}


def test_an_older_network_answers_again_and_later_builds_go_on_with_it(
    twice: tuple[Path, str, str], tmp_path: Path
) -> None:
    home, first, second = twice
    assert serving(home) == [second, second]

    # What cannot be used changes nothing, neither now nor in the next build.
    weights = home / "runs" / first / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(b"torn")
    refused = call(home, "runs", "publish", first)
    assert refused.exit_code == 1
    assert "cannot be read" in refused.stderr
    weights.write_bytes(whole)
    shutil.copytree(home / "runs" / first, home / "runs" / "gcn-1")
    change(home / "runs" / "gcn-1", id="gcn-1", method="gcn")
    assert "HFMRS_NETWORKS" in call(home, "runs", "publish", "gcn-1").stderr
    assert all(done.startswith("unchanged") for done in built_stages(home).values())
    assert serving(home) == [second, second]

    published = json.loads(call(home, "runs", "publish", first, "--format", "json").stdout)
    assert published[0]["done"] == f"in service for {len(expand()):,} models: {first}"
    assert serving(home) == [first, first]
    again = json.loads(call(home, "runs", "publish", first, "--format", "json").stdout)
    assert again[0]["done"] == f"unchanged: {first} is in service"

    (tmp_path / "new.jsonl").write_text(json.dumps(NEW) + "\n", encoding="utf-8")
    call(home, "load", str(tmp_path / "new.jsonl"))
    stale = call(home, "runs", "publish", second)
    assert stale.stderr.splitlines()[-2:] == [
        "Error: Stage publish needs embed, which is out of date.",
        "  Run: hfmrs build",
    ]
    later = built_stages(home)
    assert later["train"] == f"unchanged: {first}"
    assert later["publish"] == f"placed 1 changed models by {first}"
    assert serving(home) == [first, first]

    refused = call(home, "runs", "remove", first)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "is in service" in refused.stderr
    assert call(home, "runs", "remove", second).stdout == f"Removed {second}.\n"
    assert [each.name for each in (home / "runs").glob("gat-*")] == [first]
