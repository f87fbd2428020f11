"""The connection to the private store: SQLite in the home folder, or PostgreSQL."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from graph.errors import BadInput, DatabaseUnavailable
from web.store import tables

FILE = "people.sqlite"
_DIALECTS = ("sqlite", "postgresql")

#: What takes a store from a version to the next: `STEPS[0]` from 1 to 2. New stores are made as `tables` says. A step
#: only adds, so that the version before still works while servers are replaced.
STEPS: tuple[Callable[[Connection], None], ...] = (
    lambda connection: tables.service_key.create(connection, checkfirst=True),
)

#: Several processes read while one writes; what is deleted is overwritten.
_PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")

#: Any number: the lock of PostgreSQL that one process at a time holds while it makes or changes the tables.
_LOCK = 4_713_001


class Connections:
    """Opened on first use, so after a fork; threads share it. The tables are made, and brought up to date, then."""

    def __init__(self, home: Path, url: str = "") -> None:
        self._home = home
        self._url = url
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads. Raises `DatabaseUnavailable`."""
        with _said(), self._ready().begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; SQLite has one at a time, and it waits for its turn."""
        with _said(), self._ready().connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _ready(self) -> Engine:
        with self._lock:
            if self._engine is None:
                engine = self._opened()
                try:
                    _migrate(engine)
                except Exception:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def _opened(self) -> Engine:
        url = _url(self._url) if self._url else URL.create("sqlite", database=str(self._home / FILE))
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        try:
            return create_engine(url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise BadInput(
                f"The store's address needs the package {error.name}.", "Install it: pip install 'hfmrs[postgresql]'"
            ) from None


def _url(given: str) -> URL:
    try:
        url = make_url(given)
        if url.get_backend_name() in _DIALECTS:
            url.get_dialect()
            return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    except (ArgumentError, NoSuchModuleError):
        pass
    raise BadInput(
        "HFMRS_STORE is no address of a store.",
        "Give sqlite:////folder/people.sqlite or postgresql://user:password@host/database.",
    )


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        file = Path(url.database)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # for nobody else; what SQLite adds follows it
        except OSError as error:
            raise DatabaseUnavailable(
                f"The private store {file} cannot be opened: {error.strerror or error}.", "Give HFMRS_STORE another."
            ) from None
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def begin_by_hand(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver would begin late, and without a word
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads before it writes fails where another wrote between, however long it would wait.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _migrate(engine: Engine) -> None:
    """Make the tables, or bring them up to date. Raises `BadInput` for a store of a later version."""
    newest = len(STEPS) + 1
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if not inspect(connection).has_table(tables.version.name):
            tables.metadata.create_all(connection)
            connection.execute(insert(tables.version).values(number=newest))
            return
        found = connection.execute(select(tables.version.c.number)).scalar_one()
        if found > newest:
            raise BadInput(
                f"The private store has version {found}, and this program knows {newest}.", "Run a later version of it."
            )
        for step in STEPS[found - 1 :]:
            step(connection)
        connection.execute(update(tables.version).values(number=newest))


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnavailable("The private store does not answer.", "Look at HFMRS_STORE.") from error
