"""The command as a process: it serves, is stopped, goes on, and shares one database with others."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from graph import embedded
from tests.cli.conftest import Run, Start
from tests.conftest import GIVEN_DB

DEADLINE = 120.0

#: The command in a process with what training brings along, which tells of leaks at its end. Not everywhere there.
AFTER_TRAINING = """
try:
    import triton._C.libtriton
except ImportError:
    pass
from hfmrs.cli import main
main()
"""


def models(count: int) -> str:
    """Lines in the shape of the Hub's API: a chain of models, each made from the one before."""
    rows = []
    for number in range(count):
        tags = ["pytorch", "text-classification", f"base_model:o/m{number - 1}"] if number else ["pytorch"]
        day = f"2024-{1 + number // 28:02}-{1 + number % 28:02}T00:00:00.000Z"
        rows.append({"id": f"o/m{number}", "tags": tags, "downloads": count - number, "createdAt": day})
    return "".join(json.dumps(row) + "\n" for row in rows)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=DEADLINE)
    return process.returncode, out, err


def wait_for_line(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if wanted in line:
            return
    pytest.fail(f"{wanted!r} was never said")


def serving(process: subprocess.Popen[str], port: int) -> bytes:
    """The start page, once it answers."""
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                return bytes(page.read())
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"Nothing was served: {process.communicate()}")


def opened(process: subprocess.Popen[str]) -> set[str]:
    """The files that its workers hold open."""
    found: set[str] = set()
    for each in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # one that was started for a moment
            found |= {file.path for file in each.open_files()}
    return found


def taken_port() -> socket.socket:
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    held.listen()
    return held


def test_load_counts_skips_what_is_known_and_names_what_it_left_out(home: Path, tmp_path: Path, start: Start) -> None:
    file = tmp_path / "models.jsonl"
    file.write_text(models(30) + "{broken\n", encoding="utf-8")
    status, out, err = ended(start(home, "load", str(file)))
    assert (status, "30 new" in out) == (0, True)
    assert f"{file}, line 31" in err
    assert "hfmrs build" in err
    _, out, _ = ended(start(home, "load", str(file)))
    assert "30 unchanged" in out
    _, out, _ = ended(start(home, "load", str(file), "--until", "2024-01-11", "--limit", "20"))
    assert "10 read" in out


def test_build_without_models_says_what_to_do(home: Path, start: Start) -> None:
    assert ended(start(home, "db", "start"))[0] == 0
    status, _, err = ended(start(home, "build"))
    assert status == 1
    assert err.splitlines()[0] == "Error: There are no models in the graph to build from."


def test_a_build_goes_on_where_it_was_stopped(home: Path, tmp_path: Path, start: Start) -> None:
    file = tmp_path / "models.jsonl"
    file.write_text(models(60), encoding="utf-8")
    assert ended(start(home, "load", str(file)))[0] == 0
    status, _, err = ended(start(home, "build", "--only", "train"))
    assert (status, "embed, which is out of date" in err) == (1, True)
    stopped = start(home, "build")
    wait_for_line(stopped, "similar …")
    stopped.send_signal(signal.SIGINT)
    status, _, err = ended(stopped)
    # Where the interrupt meets Python inside an exec (a dataclass being made, say), Python ends by the signal itself
    # after all was said and done: a shell shows 130 for both.
    assert status in (130, -signal.SIGINT)
    assert err.endswith("Stopped. The same command goes on from here.\n")
    status, out, err = ended(start(home, "build", "--format", "csv", "--only", "similar"))
    assert status == 0, err
    assert [row["stage"] for row in csv.DictReader(out.splitlines())] == ["similar"]


def test_the_demo_refuses_a_home_with_other_models(home: Path, tmp_path: Path, start: Start) -> None:
    file = tmp_path / "models.jsonl"
    file.write_text(models(3), encoding="utf-8")
    assert ended(start(home, "load", str(file)))[0] == 0
    status, _, err = ended(start(home, "demo", "--no-open"))
    assert status == 1
    assert "holds models that are not in the sample, such as o/m" in err


def test_a_built_demo_serves_again_and_takes_the_next_port(built: Path, start: Start) -> None:
    people = embedded.analysts_home(built)
    if not GIVEN_DB and embedded.folder(people).is_dir():
        embedded.stop(people)
    with taken_port() as held:
        port = held.getsockname()[1]
        process = start(built, "demo", "--no-open", "--port", str(port), code=AFTER_TRAINING)
        wait_for_line(process, f"Port {port} is taken; using ")
        assert process.stdout is not None
        said = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
    assert found, said
    assert b"<title>" in serving(process, int(found[1]))
    until = time.monotonic() + DEADLINE
    while not GIVEN_DB and embedded.status(people) is None:  # it starts in the background, before anybody types
        assert time.monotonic() < until
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # Ctrl-C in a terminal reaches the workers too
    status, _, err = ended(process)
    assert (status, err.endswith("Stopped.\n")) == (0, True)
    assert not re.search("Traceback|leak", err)


@pytest.mark.skipif(bool(GIVEN_DB), reason="the analysts of a given database have no process of their own")
def test_ctrl_c_does_not_wait_for_the_copy_of_the_analysts(built: Path, start: Start) -> None:
    people = embedded.analysts_home(built)
    people.mkdir(exist_ok=True)
    for note in people.glob("*.json"):  # without it a copy is taken
        note.unlink()
    with (people / "copy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as long as this is held none can be
        process = start(built, "serve", "--port", "0")
        until = time.monotonic() + DEADLINE
        while lock.name not in opened(process):
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        status, _, err = ended(process)
    assert (status, err) == (0, "Stopped.\n")


def test_the_database_is_started_shared_and_stopped(home: Path, start: Start) -> None:
    assert json.loads(ended(start(home, "db", "status", "--format", "json"))[1])["running"] is False
    code, _, err = ended(start(home, "db", "status", "--password"))
    assert (code, err) == (1, "Error: The database does not run, so nobody can log in.\n  Start it: hfmrs db start\n")
    assert embedded.status(home) is None
    first, second = start(home, "db", "start"), start(home, "db", "start")
    addresses = {re.findall(r"bolt://\S+", ended(process)[1])[0] for process in (first, second)}
    assert len(addresses) == 1
    status = json.loads(ended(start(home, "db", "status", "--format", "json"))[1])
    assert (status["running"], status["address"]) == (True, addresses.pop())
    assert "password" not in status
    assert ended(start(home, "db", "stop"))[1] == "Stopped.\n"
    assert ended(start(home, "db", "stop"))[1] == "It was not running.\n"


def test_a_reader_that_goes_away_is_no_error(built: Path, start: Start) -> None:
    process = start(built, "query", "MATCH (m:Model) RETURN m.id AS id", "--format", "jsonl")
    assert process.stdout is not None
    process.stdout.close()
    process.wait(timeout=DEADLINE)
    assert process.stderr is not None
    assert "Error" not in process.stderr.read()


def test_light_commands_do_not_load_torch(built: Path, run: Run) -> None:
    code = (
        "import sys; from hfmrs.cli import cli\n"
        f"cli(['--home', {str(built)!r}, 'recommend', 'bert-base-uncased'], standalone_mode=False)\n"
        "print('torch' in sys.modules, 'dgl' in sys.modules, 'sentence_transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False False"
