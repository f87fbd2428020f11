"""From the Hub into the graph: the first time, again, after an interruption, and what was deleted."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner

from etl import sources
from etl.hub import Hub
from etl.listings import Scope
from graph.database import Database
from graph.errors import HubUnavailable
from hfmrs.cli import cli
from hfmrs.estimating import estimate
from hfmrs.loading import load_file
from hfmrs.syncing import repeat
from tests.hub.conftest import everything, model, stamp, value
from tests.hub.replay import Replay, Trouble

BOTH = (Scope(), Scope("datasets"))
DEADLINE = 120.0


def test_everything_that_is_listed_arrives(db: Database, again: Any) -> None:
    models, datasets = again(*BOTH)
    assert (models.pages, models.rows, models.loaded.report.new, models.deleted) == (3, 25, 25, 0)
    assert (datasets.pages, datasets.loaded.report.new) == (1, 3)
    assert value(db, "MATCH (:Model)-[r:BASED_ON]->(:Model) RETURN count(r)") == 24
    assert value(db, "MATCH (d:Dataset) RETURN count(d)") == 3


def test_a_second_sync_changes_nothing_and_asks_little(db: Database, serving: Replay, again: Any) -> None:
    again(*BOTH)
    before, stamped = everything(db), stamp(db)
    second = again(*BOTH, counts=10)
    assert not any(each.changed for each in second)
    assert [each.listing.which for each in second] == ["changed", "top", "changed", "top"]
    assert [each.rows for each in second] == [0, 10, 0, 3]
    assert len(serving.asked) == 4
    assert (everything(db), stamp(db)) == (before, stamped)


def test_only_what_changed_is_touched(db: Database, serving: Replay, again: Any) -> None:
    again()
    before = everything(db)
    serving.models[4] |= {"tags": ["new-tag"], "lastModified": "2024-06-01T01:30:00.000Z"}
    serving.models[2]["downloads"] = 5_000_000
    serving.models.append(model(30, lastModified="2024-06-01T01:40:00.000Z"))
    changes, top = again(counts=5)
    assert (changes.rows, changes.loaded.report.new, changes.loaded.report.changed) == (2, 1, 1)
    report = top.loaded.report
    assert (top.rows, report.changed, report.counted, report.unchanged) == (5, 0, 1, 4)
    assert value(db, "MATCH (m:Model {id: 'o/m2'}) RETURN m.downloads") == 5_000_000
    assert value(db, "MATCH (m:Model)-[:HAS_TAG]->(:Tag {name: 'new-tag'}) RETURN m.id") == "o/m4"
    untouched = {f"o/m{number}" for number in range(25)} - {"o/m2", "o/m4", "o/m3"}

    def of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [each for each in found if each.get("a", each.get("properties", {}).get("id")) in untouched]

    assert of(everything(db)) == of(before)


def test_other_counts_alone_leave_links_and_build_as_they_are(db: Database, serving: Replay, again: Any) -> None:
    again(*BOTH)
    stamped, stages_before = stamp(db), db.read("explore/stages")
    with db.driver.session(database=db.name) as session:
        session.run("MATCH (:Model)-[r]->() SET r.mark = 1").consume()
    later = "2024-06-01T01:30:00.000Z"
    serving.models[2] |= {"downloads": 5_000_000, "likes": 7, "trendingScore": 2.5, "lastModified": later}
    serving.rows["datasets"][1] |= {"downloads": 9, "lastModified": later}
    changes, _, datasets, _ = again(*BOTH, counts=5)
    for each in (changes, datasets):
        assert (each.loaded.report.counted, each.loaded.report.changed, each.loaded.report.links) == (1, 0, 0)
        assert (each.changed, each.outdates) == (True, False)
    properties = "m.downloads, m.likes, m.trendingScore, toString(m.lastModified)"
    counts = db.ask(f"MATCH (m:Model {{id: 'o/m2'}}) RETURN {properties}").rows[0]
    assert counts[:3] == (5_000_000, 7, 2.5)
    assert counts[3].startswith("2024-06-01T01:30")
    assert value(db, "MATCH (d:Dataset {id: 'o/d1'}) RETURN d.downloads") == 9
    assert value(db, "MATCH (:Model)-[r]->() WHERE r.mark IS NULL RETURN count(r)") == 0
    assert stamp(db) == stamped
    assert db.read("explore/stages") != stages_before  # by these the page sees that its answers are old
    assert not any(each.changed for each in again(*BOTH, counts=5))
    # … and content that changes together with counts is written whole.
    serving.models[2] |= {"downloads": 6, "tags": ["other"], "lastModified": "2024-06-01T03:30:00.000Z"}
    assert [each.loaded.report.changed for each in again(counts=0)] == [1]
    assert value(db, "MATCH (:Model {id: 'o/m2'})-[:HAS_TAG]->(t) RETURN t.name") == "other"
    assert stamp(db) != stamped


def test_models_of_an_unknown_kind_of_hash_are_written_whole_once(db: Database, serving: Replay, again: Any) -> None:
    again()
    with db.driver.session(database=db.name) as session:
        session.run("MATCH (m:Model) SET m.contentHash = split(m.contentHash, '.')[0] + 'x'").consume()
    assert again(full=True)[0].loaded.report.changed == 25
    assert again(full=True)[0].loaded.report.unchanged == 25


@pytest.mark.parametrize("page", [1, 2, 3])
def test_an_interrupted_sync_fetches_no_page_twice(db: Database, serving: Replay, again: Any, page: int) -> None:
    serving.troubles = [None] * (page - 1) + [Trouble(403)]
    with pytest.raises(HubUnavailable):
        again()
    served = list(serving.served)
    (done,) = again()
    assert done.pages == 3 - len(served) == 4 - page
    assert not set(served) & set(serving.served)
    assert value(db, "MATCH (m:Model) RETURN count(m)") == 25


def test_what_was_fetched_and_not_loaded_is_loaded_next_time(
    db: Database, tmp_path: Path, hub: Hub, serving: Replay, again: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("graph.load.load_models", lambda *_, **__: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            again()
    first, *_ = again(counts=0)
    assert (first.pages, first.loaded.report.new) == (0, 25)


def test_an_empty_graph_is_filled_without_the_hub(db: Database, tmp_path: Path, serving: Replay, again: Any) -> None:
    again(*BOTH)
    before = everything(db)
    with db.driver.session(database=db.name) as session:
        session.run("MATCH (n) DETACH DELETE n").consume()
    serving.models.clear()
    serving.rows["datasets"].clear()
    models, datasets, *_ = again(*BOTH, counts=0)
    assert (models.pages, models.loaded.report.new, datasets.loaded.report.new) == (0, 25, 3)
    assert everything(db) == before
    # … and so does `hfmrs load`, which reads the same files.
    for file in tmp_path.rglob("*-all.jsonl.zst"):
        loaded = load_file(db, file, on_progress=lambda *_: None)
        assert (loaded.report.changed, loaded.report.new, loaded.rejected) == (0, 0, [])


def test_a_vanished_model_is_marked_and_one_that_comes_back_is_not(db: Database, serving: Replay, again: Any) -> None:
    again()
    stamped = stamp(db)
    gone = [serving.models.pop(7), serving.models.pop(7)]
    assert [each.deleted for each in again(counts=0)] == [0]  # changes do not tell
    (full,) = again(full=True)
    assert (full.deleted, full.note) == (2, "")
    marked = "MATCH (m:Model) WHERE m.deletedAt IS NOT NULL RETURN m.id ORDER BY m.id"
    assert db.ask(marked).rows == (("o/m7",), ("o/m8",))
    assert db.read("explore/resolve", ids=["o/m7"]) == []
    assert stamp(db) != stamped
    assert again(full=True)[0].deleted == 0
    serving.models.extend(gone)
    (back,) = again(full=True)
    assert (back.loaded.report.changed, back.deleted) == (2, 0)
    assert db.ask(marked).rows == ()


def test_a_vanished_dataset_is_marked_and_one_that_models_only_name_is_not(
    db: Database, serving: Replay, again: Any
) -> None:
    serving.models[3]["tags"] = ["dataset:o/d1", "dataset:never/listed"]
    again(*BOTH)
    stamped = stamp(db)
    gone = serving.rows["datasets"].pop(1)
    assert [each.deleted for each in again(*BOTH, full=True)] == [0, 1]
    marked = "MATCH (d:Dataset) WHERE d.deletedAt IS NOT NULL RETURN d.id"
    assert db.ask(marked).rows == (("o/d1",),)
    assert value(db, "MATCH (:Model)-[r:TRAINED_ON]->(:Dataset {id: 'o/d1'}) RETURN count(r)") == 1
    assert stamp(db) == stamped  # models trained on it are what they were
    assert again(Scope("datasets"), full=True)[0].deleted == 0
    serving.rows["datasets"].append(gone)
    (back,) = again(Scope("datasets"), full=True)
    assert (back.loaded.report.changed, back.deleted) == (1, 0)
    assert db.ask(marked).rows == ()


def test_a_listing_that_lacks_what_is_there_is_not_believed(db: Database, serving: Replay, again: Any) -> None:
    again()
    serving.unlisted = {"o/m3", "o/m5"}
    serving.models[:] = [row for row in serving.models if row["id"] != "o/m4"]
    serving.hidden = {"o/m5": 403}
    (full,) = again(full=True)
    assert full.deleted == 1
    assert "o/m3" in full.note
    assert value(db, "MATCH (m:Model) WHERE m.deletedAt IS NOT NULL RETURN m.id") == "o/m4"


def test_only_whole_listings_of_the_same_author_mark(db: Database, serving: Replay, again: Any) -> None:
    serving.models.extend([model(40, id="p/one", author="p"), model(41, id="p/two", author="p")])
    again()
    serving.models[:] = [row for row in serving.models if row["id"] not in ("p/two", "o/m6")]
    assert [each.deleted for each in again(Scope(task="text-classification"), Scope(limit=5))] == [0, 0]
    assert [each.deleted for each in again(Scope(author="p"))] == [1]
    assert value(db, "MATCH (m:Model) WHERE m.deletedAt IS NOT NULL RETURN m.id") == "p/two"


def test_a_row_that_cannot_be_read_costs_only_itself(db: Database, serving: Replay, again: Any) -> None:
    again()
    serving.models.append(model(50, id="o/bell\x07"))
    (full,) = again(full=True)
    assert len(full.loaded.rejected) == 1
    assert (full.deleted, full.loaded.report.unchanged) == (0, 25)


def test_the_real_listing_arrives(
    db: Database, tmp_path: Path, hub: Hub, serving: Replay, again: Any, shared_data: Path
) -> None:
    rows = islice(sources.rows(shared_data / "hub-2024-07/models.jsonl.zst"), 3_000)
    serving.models[:] = [row[1] for row in rows if not isinstance(row, sources.Rejected)]
    serving.page = 1000
    (done,) = again()
    assert (done.rows, done.loaded.report.read, done.loaded.rejected) == (3_000, 3_000, [])
    assert done.loaded.report.new == value(db, "MATCH (m:Model) RETURN count(m)") > 2_990  # some old ids are aliases
    assert not any(each.changed for each in again(counts=1_000))
    assert again(full=True)[0].deleted == 0


def test_the_estimate_asks_nothing_and_learns_from_earlier_listings(
    tmp_path: Path, serving: Replay, again: Any
) -> None:
    (first, _) = estimate(tmp_path, BOTH)
    assert first["listing"] == "models: all"
    assert first["pages"] == first["rows"] / 1000 > 1000
    assert first["minutes"] == pytest.approx(first["pages"] * 2 / 60)
    assert estimate(tmp_path, [Scope(author="o")])[0]["pages"] is None
    again()
    changes, top = estimate(tmp_path, [Scope()], counts=2_500)
    assert (changes["rows"], top["pages"]) == (None, 3)
    assert changes["changed since"] == "2024-06-01T00:50:00+00:00"
    assert estimate(tmp_path, [Scope()], full=True)[0]["rows"] == 25
    serving.troubles = [None, Trouble(403)]
    with pytest.raises(HubUnavailable):
        again(full=True)
    serving.forget()
    assert estimate(tmp_path, [Scope()], full=True)[0]["rows"] == 15
    assert serving.asked == []


def test_again_and_again_survives_a_failure_and_ends_with_ctrl_c() -> None:
    said: list[str] = []
    done: list[int] = []

    def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise HubUnavailable("The Hub is away.", "Wait.")

    def wait(seconds: float) -> None:
        if len(done) == 3:
            raise KeyboardInterrupt

    repeat(work, 3600.0, said.append, wait)
    assert len(done) == 3
    assert said[0] == "Error: The Hub is away. Wait."
    assert said[-1].strip() == "Stopped."


def test_the_command_syncs_and_says_what_comes_next(home: Path, serving: Replay) -> None:
    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli, ["--home", str(home), "sync", *arguments], prog_name="hfmrs")

    planned = run("--dry-run", "--limit", "10", "--format", "json")
    assert [row["pages"] for row in json.loads(planned.stdout)] == [1, 1]
    assert serving.asked == []
    first = run("--format", "json", "--author", "o")
    assert first.exit_code == 0, first.output
    assert [(row["listing"], row["new"]) for row in json.loads(first.stdout)] == [
        ("models author o: all", 25),
        ("datasets author o: all", 3),
    ]
    assert first.stderr.endswith("Next: hfmrs build\n")
    second = run("--author", "o", "--kind", "models")
    assert second.stderr.endswith("Nothing has changed.\n")
    serving.troubles = [Trouble(403)]
    failed = run("--author", "o")
    assert (failed.exit_code, "Error: " in failed.stderr, "HF_TOKEN" in failed.stderr) == (1, True, True)


def test_the_command_says_what_it_repaired_and_lists_what_it_left_out(home: Path, serving: Replay) -> None:
    serving.models[1]["tags"] = ["license:Apache 2.0"]
    serving.models[2]["likes"] = -1
    serving.models.append(model(50, id="o/bell\x07"))
    done = CliRunner().invoke(cli, ["--home", str(home), "sync", "--kind", "models"], prog_name="hfmrs")
    assert done.exit_code == 0, done.output
    for line in (
        "Repaired:",
        "         1  licences spelt otherwise",
        "         1  counts below zero, broken or out of range, left out",
    ):
        assert line in done.stderr.splitlines()
    listed = home / "rejected/models-000001-all.jsonl"
    assert done.stderr.splitlines()[-2] == f"Every row left out, with its line and the reason: {listed}"
    assert "bell" in json.loads(listed.read_text())["reason"]


@pytest.mark.parametrize(
    "arguments",
    [("--every", "soon"), ("--every", "0s"), ("--dry-run", "--every", "1h"), ("--limit", "3", "--full"),
     ("--task", "x", "--kind", "datasets"), ("--since", "yesterday")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_refused(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli, ["sync", *arguments]).exit_code == 2


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl-c"])
def test_a_process_that_is_killed_between_pages_goes_on(home: Path, serving: Replay, how: signal.Signals) -> None:
    reached, release = Event(), Event()

    def hold(number: int) -> None:
        if number == 3:
            reached.set()
            release.wait(DEADLINE)

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "hfmrs", "--home", str(home), "sync", "--kind", "models", "--format", "csv"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    serving.before_page = hold
    process = start()
    assert reached.wait(DEADLINE)
    process.send_signal(how)
    _, err = process.communicate(timeout=DEADLINE)
    if how == signal.SIGINT:
        assert (process.returncode, err.splitlines()[-1]) == (130, "Stopped. The same command goes on from here.")
    release.set()
    fetched = serving.asked[:2]
    serving.forget()
    out, err = start().communicate(timeout=DEADLINE)
    assert not set(fetched) & set(serving.asked)
    assert out.splitlines()[1].startswith("models: all,1,25,25,")
