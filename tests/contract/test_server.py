"""The embedded server: found and shared, private, stopped cleanly, back after a crash with everything in it."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from graph import arcadedb_engine, embedded
from graph.database import Database, connect
from graph.errors import BadInput, DatabaseUnavailable
from tests.conftest import Maker

COUNT = "MATCH (m:Model) RETURN count(m) AS n"


def fill(db: Database, first: int, count: int) -> None:
    with db.driver.session(database=db.name) as session:
        text = "UNWIND range($a, $b) AS i CREATE (:Model {id: toString(i), soup: 'soup ' + toString(i)})"
        session.run(text, a=first, b=first + count - 1).consume()


def count(db: Database) -> int:
    return int(db.read("explore/count_models")[0]["models"])


def test_two_commands_at_once_share_one_server(home: Path, repo: Path) -> None:
    code = "import sys; from pathlib import Path; from graph.embedded import start; print(start(Path(sys.argv[1])).pid)"
    command = [sys.executable, "-c", code, str(home)]
    processes = [subprocess.Popen(command, cwd=repo, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    pids = {process.communicate(timeout=120)[0].strip() for process in processes}
    server = embedded.status(home)
    assert server is not None
    assert pids == {str(server.pid)}


def test_a_restart_keeps_data_ports_and_passwords(home: Path) -> None:
    with connect(home, heap="512m") as db:
        db.prepare()
        fill(db, 0, 100)
    before = embedded.status(home)
    assert embedded.stop(home)
    assert embedded.status(home) is None
    assert not embedded.stop(home)
    with connect(home, heap="512m") as db:
        assert count(db) == 100
        text = "CALL db.index.fulltext.queryNodes('model_text', '42') YIELD node RETURN node.id AS id"
        assert db.driver.execute_query(text, database_=db.name).records[0]["id"] == "42"
    after = embedded.status(home)
    assert before is not None
    assert after is not None
    assert (after.bolt, after.http, after.writer) == (before.bolt, before.http, before.writer)
    assert after.pid != before.pid


def test_kill_in_the_middle_loses_nothing_that_was_written(home: Path) -> None:
    with connect(home, heap="512m") as db:
        db.prepare()
        for part in range(5):
            fill(db, part * 1000, 1000)
        with db.driver.session(database=db.name) as session:
            open_ = session.begin_transaction()
            open_.run("CREATE (:Model {id: 'never committed'})").consume()
            server = embedded.status(home)
            assert server is not None
            os.kill(server.pid, signal.SIGKILL)
            with pytest.raises(DatabaseUnavailable, match="does not answer"):
                list(db.stream("explore/count_models"))
    with connect(home, heap="512m") as db:
        assert count(db) == 5000
        fill(db, 5000, 10)
        assert count(db) == 5010


def test_a_stale_file_does_not_fool_it(home: Path) -> None:
    """Another process has the number of the one that was killed."""
    first = embedded.start(home, "512m")
    assert embedded.stop(home)
    file = embedded.folder(home) / "server.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "pid": os.getpid()}))
    assert embedded.status(home) is None
    assert not embedded.stop(home)
    second = embedded.start(home, "512m")
    assert second.pid not in (os.getpid(), first.pid)


def test_a_lost_password_file_is_no_lockout(home: Path) -> None:
    with connect(home, heap="512m") as db:
        db.prepare()
        fill(db, 0, 3)
    assert embedded.stop(home)
    (embedded.folder(home) / "server.json").unlink()
    with connect(home, heap="512m") as db:
        assert count(db) == 3


@pytest.mark.parametrize("taken", ["bolt", "http"])
def test_a_port_that_another_took_meanwhile_is_no_end(home: Path, monkeypatch: pytest.MonkeyPatch, taken: str) -> None:
    choose, lost = embedded._free_ports, []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        def too_late(last: embedded.Server | None) -> tuple[int, int]:
            bolt, http = choose(last)
            if lost:
                return bolt, http
            lost.append(last)
            port = other.getsockname()[1]
            return (port, http) if taken == "bolt" else (bolt, port)

        monkeypatch.setattr(embedded, "_free_ports", too_late)
        with connect(home, heap="512m") as db:
            assert count(db) == 0
    assert lost


def test_a_server_whose_starter_still_runs_is_stopped(home: Path, repo: Path) -> None:
    code = "import sys; from pathlib import Path; from graph.embedded import start; start(Path(sys.argv[1])); input()"
    starter = subprocess.Popen([sys.executable, "-c", code, str(home)], cwd=repo, stdin=subprocess.PIPE)
    try:
        while embedded.status(home) is None:
            assert starter.poll() is None
        assert embedded.stop(home)  # the ended process stays in the table: its starter does not wait for it
        assert starter.poll() is None
    finally:
        starter.communicate(b"\n", timeout=60)


def test_it_is_private(embedded_home: Path) -> None:
    server = embedded.start(embedded_home)
    here = embedded.folder(embedded_home)
    for name in ("server.json", "config/server-users.jsonl", "config/server-groups.json"):
        assert (here / name).stat().st_mode & 0o777 == 0o600
    secrets = {server.root, server.writer, server.reader}
    assert len(secrets) == 3
    assert min(map(len, secrets)) >= 32
    command = ["ps", "-ww", "-o", "command=", "-p", str(server.pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    texts = [shown.stdout, repr(server), (here / "log" / "server.log").read_text()]
    assert not [secret for secret in secrets for text in texts if secret in text]
    assert json.loads((here / "config" / "mcp-config.json").read_text())["enabled"] is False


def test_only_this_machine_can_connect(embedded_home: Path) -> None:
    server = embedded.start(embedded_home)
    table = Path(f"/proc/{server.pid}/net/tcp").read_text() + Path(f"/proc/{server.pid}/net/tcp6").read_text()
    ports = {server.bolt, server.http}
    listening = [line.split()[1].split(":") for line in table.splitlines() if line.split()[3] == "0A"]
    ours = [address for address, port in listening if int(port, 16) in ports]
    assert len(ours) == 2
    assert all(address.endswith("0100007F") for address in ours)


def test_a_database_with_large_indexes_is_closed_and_opens_by_itself(
    new_embedded: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What made them goes from the heap, and who is connected does not notice."""
    sent: list[str] = []
    real = embedded.Server.post

    def post(self: embedded.Server, path: str, body: dict[str, Any], *more: Any, **named: Any) -> Any:
        sent.append(body["command"])
        return real(self, path, body, *more, **named)

    monkeypatch.setattr(embedded.Server, "post", post)
    with new_embedded() as db, db.driver.session(database=db.name) as session:
        fill(db, 0, 3)
        db.prepare("vectors")
        assert f"close database {db.name}" not in sent
        monkeypatch.setattr(arcadedb_engine, "LARGE_SECONDS", 0.0)
        assert session.run(COUNT).data() == [{"n": 3}]
        db.prepare("vectors")
        assert sent[-1] == f"close database {db.name}"
        assert session.run(COUNT).data() == [{"n": 3}]
        fill(db, 3, 2)
        assert count(db) == 5


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        embedded.start(file)


def test_no_server_is_one_sentence_and_a_hint(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with warnings.catch_warnings(record=True) as left_open:
            warnings.simplefilter("always")
            with pytest.raises(DatabaseUnavailable, match=f"at bolt://127.0.0.1:{port}") as caught:
                connect(tmp_path, f"bolt://someone:secret@127.0.0.1:{port}")
            said, hint = str(caught.value), caught.value.hint
            del caught  # it holds the frames that hold the driver
            gc.collect()
    assert [each for each in left_open if each.category is ResourceWarning] == []
    assert "secret" not in said
    assert "HFMRS_DB" in hint
    with pytest.raises(BadInput, match="no address"):
        connect(tmp_path, "https://example.org")


def test_a_wrong_password_is_told(embedded_home: Path, tmp_path: Path) -> None:
    server = embedded.start(embedded_home)
    with pytest.raises(DatabaseUnavailable, match="refuses the user 'someone'"):
        connect(tmp_path, f"bolt://someone:secret@127.0.0.1:{server.bolt}")
