"""The one way to the database: named statements to read and write, and a read-only path for what people type."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from graph import embedded, guard
from graph.analysts import Analysts
from graph.arcadedb_engine import ArcadeDBEngine
from graph.driver import (
    READ_ACCESS,
    AuthError,
    ClientError,
    ConfigurationError,
    Driver,
    DriverError,
    GraphDatabase,
    ManagedTransaction,
    Neo4jError,
    ServiceUnavailable,
    Session,
    SessionExpired,
)
from graph.engine import PARTS, Engine, Part, too_much_memory
from graph.errors import BadInput, DatabaseUnavailable, NotBuilt, Refused, TimedOut
from graph.guard import ROWS, SECONDS
from graph.neo4j_engine import Neo4jEngine
from graph.remarks import remarks
from graph.statements import statement
from graph.values import display, plain, weight

#: Each row may touch a page of its own, and all pages of a transaction stay in the database's memory.
BATCH_ROWS = 1_000
BATCH_BYTES = 8 * 2**20

#: How long a transaction is tried again that met another writer, or a server that is just changing.
RETRY_SECONDS = 20.0

#: Neo4j has something to say of every property that no node has yet.
_QUIET: dict[str, Any] = {"notifications_min_severity": "OFF"}

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")

Row = Mapping[str, Any]

#: The driver writes of a connection that broke off to stderr, where nobody has said otherwise. We say it in a sentence.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a typed statement. `truncated`: there were more rows than the limit let through. `notes`: sentences
    about what the statement names and the graph does not have."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    milliseconds: float
    notes: tuple[str, ...] = ()


class Database:
    """A connection. Make it with `connect`, after any fork; use it as a context manager or call `close`."""

    def __init__(self, driver: Driver, engine: Engine, uri: str, name: str | None) -> None:
        #: The driver, for tests and tools; the product reads and writes by named statements.
        self.driver = driver
        self.engine = engine
        #: Where it is, without password.
        self.uri = uri
        #: The database on that server; `None` is the server's default.
        self.name = name

    def __repr__(self) -> str:
        return f"Database({self.engine.name}, {self.uri})"

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection; an embedded server goes on running."""
        self.engine.close()
        self.driver.close()

    def prepare(self, *parts: Part) -> None:
        """Creates what is missing of schema and indexes, of all `parts` where none is named, and waits until they are
        online. Idempotent. Loading needs the keys; it makes the other indexes where they are missing."""
        self.engine.prepare(parts or PARTS)

    def drop_index(self, name: str) -> None:
        """Drops an index, where there is one, until `prepare` makes it anew."""
        self.engine.drop_index(name)

    def read(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """The rows of the statement `name` (a file under `cypher/`, without its ending), as plain values.

        Parameters that are not given take the defaults of the statement's header. Datetimes come back in UTC.
        """
        text, values = statement(name).text, statement(name).fill(params)
        with _here():
            try:
                # In one round trip; a transaction that is begun takes two, and twice the time of a small statement.
                with self._reading() as session:
                    return _rows(session, text, values)
            except ClientError as error:
                # Neither engine says it plainly: an index is asked for that `prepare` has not made yet.
                if re.search(r"db\.index\.|no such .* index", error.message or "", re.I):
                    raise NotBuilt("This database holds nothing yet.", "Load models: hfmrs load FILE") from error
                if not error.is_retryable():
                    raise
            except (DriverError, Neo4jError) as error:
                if not error.is_retryable():
                    raise
            with self._reading() as session:  # it was just changing, or has another process now
                return session.execute_read(_rows, text, values)

    def stream(self, name: str, /, **params: Any) -> Iterator[dict[str, Any]]:
        """What `read` returns, row by row as it arrives: for answers that would not fit into memory as a whole.

        An answer that breaks off raises `DatabaseUnavailable`; it is not tried again.
        """
        text, values = statement(name).text, statement(name).fill(params)
        with _here(), self._reading() as session:
            for record in session.run(text, values):
                yield dict(zip(record.keys(), map(plain, record.values()), strict=True))

    def ask(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, limit: int = ROWS, timeout: float = SECONDS
    ) -> Table:
        """The answer of `fetch`, JSON-ready: times as texts, long vectors shortened."""
        found = self.fetch(cypher, params, limit=limit, timeout=timeout)
        return replace(found, rows=tuple(tuple(map(display, row)) for row in found.rows))

    def fetch(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, limit: int = ROWS, timeout: float = SECONDS
    ) -> Table:
        """The answer to a statement that someone typed: read-only, at most `limit` rows, at most `timeout` seconds.

        Its values are as `graph.values.plain` makes them: datetimes in UTC, nodes, relationships and paths as dicts.

        Raises `Refused` where it would do more than read, `TimedOut`, and `BadInput` where the engine cannot run it.
        """
        text = guard.check(cypher)
        weight(params or {})
        start = monotonic()
        with _said_plainly(f"The statement ran longer than {timeout:g} s.", text):
            columns, rows = self.engine.fetch(text, params or {}, limit + 1, timeout)
        milliseconds = (monotonic() - start) * 1000
        shown = tuple(tuple(map(plain, row)) for row in rows[:limit])
        notes = remarks(self, text, params or {}, shown)
        return Table(tuple(columns), shown, len(rows) > limit, milliseconds, notes)

    def share(self) -> None:
        """Shows those who type statements the graph as it is: at the end of what changes much, so that no statement
        has to wait for it."""
        self.engine.share()

    def write(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """Runs the statement `name` in one transaction, and returns its rows."""
        return self._write(statement(name).text, statement(name).fill(params))

    def write_rows(
        self,
        name: str,
        rows: Iterable[Row],
        /,
        on_batch: Callable[[int], object] | None = None,
        batch_rows: int = BATCH_ROWS,
        **params: Any,
    ) -> int:
        """Runs the statement `name` over `rows`, its parameter `$rows`, in batches of at most `batch_rows` and 8 MiB.

        Each batch is a transaction of its own: after an error the batches before it stay. `on_batch` hears how many
        rows are done. Returns how many rows there were. More than the usual thousand rows a batch is for rows that lie
        close together.
        """
        done = 0
        for batch in batches(rows, batch_rows):
            self._write(statement(name).text, statement(name).fill({**params, "rows": batch}))
            done += len(batch)
            if on_batch:
                on_batch(done)
        return done

    def _reading(self) -> Session:
        return self.driver.session(database=self.name, default_access_mode=READ_ACCESS)

    def _write(self, text: str, values: dict[str, Any]) -> list[dict[str, Any]]:
        with _here(), self.driver.session(database=self.name) as session:
            return session.execute_write(_rows, text, values)


def _rows(tx: ManagedTransaction | Session, text: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    result = tx.run(text, values)
    keys = result.keys()
    return [dict(zip(keys, map(plain, record.values()), strict=True)) for record in result]


@contextmanager
def _here() -> Iterator[None]:
    """A database that has gone away in between is our error too."""
    try:
        yield
    except (ServiceUnavailable, SessionExpired) as error:
        raise DatabaseUnavailable("The database does not answer any more.", "Look: hfmrs db status") from error


@contextmanager
def _said_plainly(too_long: str, asked: str) -> Iterator[None]:
    """The driver's errors about a statement as ours, one sentence each."""
    try:
        with _here():
            yield
    except Neo4jError as error:
        code, message = error.code or "", _first_sentence(error.message or "", asked)
        if "TransactionTimedOut" in code or "Transaction.Terminated" in code:
            raise TimedOut(too_long, "Ask for less: a smaller LIMIT, a narrower MATCH.") from error
        if "OutOfMemory" in code or re.search(r"heap space|allowed elements|heap budget", message, re.I):
            raise too_much_memory() from error
        if ".Security." in code or "AccessMode" in code:
            raise Refused("The database refuses this statement; only reading is allowed here.") from error
        raise BadInput(f"The database cannot run this: {message}", "Check the statement and its parameters.") from error
    except (TypeError, ValueError, OverflowError) as error:  # the driver cannot send a parameter
        raise BadInput(f"A parameter cannot be sent: {error}.") from error


def _first_sentence(message: str, asked: str) -> str:
    """The engine's message as one short sentence: what is wrong and where, not what it would have liked instead."""
    lines = asked.split("\n")

    def spot(at: re.Match[str]) -> str:
        line, column = int(at[1]), int(at[2]) + 1
        if line > len(lines):  # after the end, where the embedded engine's mark stands
            line, column = len(lines), len(lines[-1]) + 1
        return f"line {line}, column {column}"

    # ArcadeDB says "line 2:13" or "line 2, column 13" and counts columns from 0; Neo4j says "(line 2, column 14".
    message = re.sub(r"(?<!\()\bline (\d+)(?::|, column )(\d+)", spot, message)
    first = next((line.strip() for line in message.splitlines() if line.strip()), "it does not say why")
    short = re.split(r": expected| \(line \d+, column| - exceeds| allowed by the setting|\. ", first)[0].rstrip(".")
    where = re.search(r"line \d+, column \d+", message)
    place = f" at {where[0]}" if where and where[0] not in short else ""
    return f"{short if len(short) <= 200 else short[:199] + '…'}{place}."


def batches(rows: Iterable[Row], most: int = BATCH_ROWS) -> Iterator[list[Row]]:
    """`rows` in lists of at most `most` and about 8 MiB; a larger single row goes alone."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        bytes_ = weight(row)
        if batch and (len(batch) >= most or size + bytes_ > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += bytes_
    if batch:
        yield batch


def connect(
    home: Path,
    uri: str | None = None,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
    reader: tuple[str, str] | None = None,
    heap: str = "",
    analysts_heap: str = "",
) -> Database:
    """Connects to the Neo4j server at `uri`, or without one to the embedded server of `home`, started where needed.

    `uri` may carry `user:password@`. `reader`: name and password of a read-only user of that server. `heap` and
    `analysts_heap`: memory of the embedded server, and of the one for what people type, when they are started here.
    Raises `DatabaseUnavailable`.
    """
    if not uri:
        server = embedded.start(home, heap)
        login = ("writer", server.writer)
        driver = GraphDatabase.driver(server.uri, auth=login, max_transaction_retry_time=RETRY_SECONDS)
        name = database or embedded.DATABASE
        analysts = Analysts(home, server, name, analysts_heap)
        return Database(driver, ArcadeDBEngine(server, name, analysts), server.uri, name)
    place, user, password = _login(uri, user, password)
    if place.partition("://")[0] not in SCHEMES:
        raise BadInput(f"{place} is no address of a database.", "It looks like neo4j://host:7687.")
    login = (user, password)
    try:
        driver = GraphDatabase.driver(place, auth=login, max_transaction_retry_time=RETRY_SECONDS, **_QUIET)
        try:
            driver.verify_connectivity()
        except BaseException:
            driver.close()
            raise
    except (ConfigurationError, ValueError) as error:
        raise BadInput(f"{place} is no address of a database: {error}.", "It looks like neo4j://host:7687.") from None
    except AuthError:
        raise DatabaseUnavailable(
            f"{place} refuses the user {user!r} or its password.", "Set HFMRS_DB_USER and HFMRS_DB_PASSWORD."
        ) from None
    except (ServiceUnavailable, DriverError, Neo4jError) as error:
        raise DatabaseUnavailable(
            f"No database answers at {place} ({type(error).__name__}).",
            "Start it, or unset HFMRS_DB to use the embedded one.",
        ) from None
    reading = GraphDatabase.driver(place, auth=reader, **_QUIET) if reader else None
    return Database(driver, Neo4jEngine(driver, database or None, reading), place, database or None)


def _login(uri: str, user: str | None, password: str | None) -> tuple[str, str, str]:
    """The address without a login, and the login: what the address carries wins."""
    parts = urlsplit(uri)
    host = parts.netloc.rpartition("@")[2]
    place = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    return place, unquote(parts.username or user or "neo4j"), unquote(parts.password or password or "")
