"""The embedded engine: schema over the server's SQL, because its Cypher makes no full-text or vector indexes."""

from __future__ import annotations

import json
import secrets
import urllib.error
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillRunning
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import Any

from neo4j import GraphDatabase

from graph.embedded import DATABASE, Server
from graph.engine import INDEX_SECONDS, Fetched, Part, fetch, schema
from graph.errors import DatabaseUnavailable, TimedOut

#: Making the indexes of a graph takes longer than this where their vectors fill a good part of the heap.
LARGE_SECONDS = 20.0
#: How long the server may take to stop a statement before we no longer wait for it.
STOP_SECONDS = 2.0


class ArcadeDBEngine:
    """`Engine` over the ArcadeDB child process. Its read-only user can read records and do nothing else."""

    name = "arcadedb"
    read_only_user = True

    def __init__(self, server: Server, database: str = DATABASE) -> None:
        self._server = server
        self._database = database
        self._reader = GraphDatabase.driver(server.uri, auth=("reader", server.reader))

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
        """The server takes no time limit over Bolt, so we tell it to end the statement, which we find by a mark."""
        mark = secrets.token_hex(8)
        answer: Future[Fetched] = Future()

        def work() -> None:
            try:
                answer.set_result(fetch(self._reader, self._database, f"{cypher}\n/* {mark} */", params, rows))
            except BaseException as error:
                answer.set_exception(error)

        Thread(target=work, daemon=True).start()
        try:
            return answer.result(timeout)
        except StillRunning:
            self._terminate(mark)
        try:
            return answer.result(STOP_SECONDS)
        except StillRunning:
            raise TimedOut(f"The statement ran longer than {timeout:g} s.") from None

    def _terminate(self, mark: str) -> None:
        with suppress(OSError):  # it ended by itself in between, or the server is gone: the statement's answer tells
            for query in self._server.post("/api/v1/server", {"command": "list queries"}, timeout=10)["result"]:
                if mark in query["text"]:
                    self._server.post("/api/v1/server", {"command": f"terminate query {query['id']}"}, timeout=10)

    def close(self) -> None:
        self._reader.close()
