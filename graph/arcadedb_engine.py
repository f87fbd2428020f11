"""The embedded engine: schema over the server's SQL, because its Cypher makes no full-text or vector indexes."""

from __future__ import annotations

import json
import re
import secrets
import urllib.error
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillRunning
from contextlib import nullcontext, suppress
from threading import Lock, Thread
from time import monotonic
from typing import Any

from graph import embedded, guard
from graph.analysts import Analysts
from graph.driver import DatabaseError, Driver, GraphDatabase, ServiceUnavailable, SessionExpired
from graph.embedded import Server
from graph.engine import INDEX_SECONDS, Fetched, Part, fetch, schema, too_much_memory
from graph.errors import DatabaseUnavailable, TimedOut

#: Making the indexes of a graph takes longer than this where their vectors fill a good part of the heap.
LARGE_SECONDS = 20.0
#: How long the server may take to stop a statement before its process is ended.
STOP_SECONDS = 4.0
#: How often a statement is run whose process others have ended.
TRIES = 4


class ArcadeDBEngine:
    """`Engine` over the ArcadeDB child process. What people type runs on the analysts' server, as a user that can read
    records and do nothing else."""

    name = "arcadedb"
    read_only_user = True

    def __init__(self, server: Server, database: str, analysts: Analysts) -> None:
        self._server = server
        self._database = database
        self.analysts = analysts
        self._lock = Lock()
        self._alone = Lock()
        self._open: tuple[Server, Driver] | None = None

    def prepare(self, parts: Sequence[Part]) -> None:
        """All statements in one request; the server builds each index before it answers."""
        begun = monotonic()
        self._define(";\n".join(schema(self.name, parts)) + ";")
        if monotonic() - begun > LARGE_SECONDS:
            # The vectors of a large index stay in the heap until the database is closed. The next request opens it.
            with suppress(OSError):
                self._server.post("/api/v1/server", {"command": f"close database {self._database}"})

    def drop_index(self, name: str) -> None:
        self._define(f"DROP INDEX `{name}` IF EXISTS;")

    def _define(self, script: str) -> None:
        body = {"language": "sqlscript", "command": script}
        try:
            self._server.post(f"/api/v1/command/{self._database}", body, "writer", timeout=INDEX_SECONDS)
        except urllib.error.HTTPError as error:
            detail = json.loads(error.read() or b"{}").get("detail", error.reason)
            raise DatabaseUnavailable(f"The schema could not be changed: {detail}") from None
        except OSError:
            raise DatabaseUnavailable("The embedded database does not answer.", "Run the command again.") from None

    def fetch(self, cypher: str, params: Mapping[str, Any], rows: int, timeout: float) -> Fetched:
        """What broke off while the process lives on has used up the memory, or ran beside somebody who did: tried
        again, with none of ours that broke off beside it, it shows which. What went with the process is tried again."""
        ended = broken = 0
        while ended < TRIES and broken < 2:
            with self._alone if ended + broken else nullcontext():
                server, reader = self._reader()
                try:
                    return self._fetch(server, reader, cypher, params, rows, timeout)
                except _Lost:
                    lives = self.analysts.running() == server
                    ended, broken = ended + (not lives), broken + lives
        raise too_much_memory()

    def _fetch(
        self, server: Server, reader: Driver, cypher: str, params: Mapping[str, Any], rows: int, timeout: float
    ) -> Fetched:
        """The server takes no time limit over Bolt, so we tell it to end the statement, which we find by a mark. One
        that does not end, because it is inside a single expression, ends with the server's process."""
        mark = secrets.token_hex(8)
        answer: Future[Fetched] = Future()

        def work() -> None:
            try:
                answer.set_result(fetch(reader, self._database, f"{cypher}\n/* {mark} */", params, rows))
            except BaseException as error:
                answer.set_exception(error)

        Thread(target=work, daemon=True).start()
        try:
            return _answer(answer, timeout)
        except StillRunning:
            _terminate(server, mark)
        try:
            found = _answer(answer, STOP_SECONDS)
            if not guard.plans(cypher):  # the profile of a statement that was ended says that it was
                return found
        except StillRunning:
            embedded.kill(self.analysts.home, server)
        except _Lost:
            pass  # its time was over already
        raise TimedOut(f"The statement ran longer than {timeout:g} s.")

    def share(self) -> None:
        """Where nobody has typed anything yet, the first statement does it."""
        if self.analysts.running():
            self.analysts.ready()

    def _reader(self) -> tuple[Server, Driver]:
        """The analysts' server, and a driver that logs in there as the read-only user."""
        server = self.analysts.ready()
        with self._lock:
            if self._open and self._open[0] != server:
                self._open[1].close()
                self._open = None
            if self._open is None:
                self._open = server, GraphDatabase.driver(server.uri, auth=("reader", server.reader))
            return self._open

    def close(self) -> None:
        with self._lock:
            if self._open:
                self._open[1].close()
                self._open = None


class _Lost(Exception):
    """The server went away from under a statement."""


def _answer(answer: Future[Fetched], seconds: float) -> Fetched:
    """Raises `StillRunning`, `_Lost`, or what the statement has raised."""
    try:
        return answer.result(seconds)
    except (ServiceUnavailable, SessionExpired) as error:
        raise _Lost from error
    except DatabaseError as error:
        if re.search("database.* closed|heap space", error.message or "", re.I):
            raise _Lost from error
        raise


def _terminate(server: Server, mark: str) -> None:
    with suppress(OSError):  # it ended by itself in between, or the server is gone: the statement's answer tells
        for query in server.post("/api/v1/server", {"command": "list queries"}, timeout=STOP_SECONDS)["result"]:
            if mark in query["text"]:
                server.post("/api/v1/server", {"command": f"terminate query {query['id']}"}, timeout=STOP_SECONDS)
