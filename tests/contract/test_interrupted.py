"""A load that is cut off anywhere, by an interrupt or with its database, ends in the same graph when run again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from etl.records import model_record
from etl.sample import expand
from graph import database, embedded, load
from graph.database import Database, connect
from graph.digest import digest
from graph.errors import DatabaseUnavailable
from graph.types import ModelRecord

#: Enough for several batches with lineage between them.
MODELS = 300


@pytest.fixture(scope="module")
def records() -> list[ModelRecord]:
    return [model_record(item) for item in expand()[:MODELS]]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 100)


@pytest.fixture(scope="module")
def whole(new_embedded: Any, records: list[ModelRecord]) -> dict[str, tuple[int, str]]:
    """What an undisturbed load leaves."""
    with new_embedded() as db:
        load.load_models(db, records)
        return parts(db)


def parts(db: Database) -> dict[str, tuple[int, str]]:
    return {part.name: (part.rows, part.digest) for part in digest(db)}


def writes(monkeypatch: pytest.MonkeyPatch, fail: Callable[[int], None]) -> list[str]:
    """The names of the writes that follow; before each `fail` gets its number."""
    names: list[str] = []
    write_rows = Database.write_rows

    def counted(self: Database, name: str, rows: Any, /, *more: Any, **params: Any) -> int:
        fail(len(names))
        names.append(name)
        return write_rows(self, name, rows, *more, **params)

    monkeypatch.setattr(Database, "write_rows", counted)
    return names


def test_an_interrupt_between_any_two_writes(
    any_db: Database, records: list[ModelRecord], whole: dict[str, tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each try gets four writes further in its first batches than the one before, and then some.
    stops: Iterator[int] = iter([1, 4, 6, 9, 13, 20, 26])
    for stop in stops:

        def fail(number: int, stop: int = stop) -> None:
            if number == stop:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            names = writes(patch, fail)
            with pytest.raises(KeyboardInterrupt):
                load.load_models(any_db, records)
            assert len(names) == stop
    load.load_models(any_db, records)
    assert parts(any_db) == whole
    again = load.load_models(any_db, records)
    assert (again.new, again.changed, again.links) == (0, 0, 0)


def test_the_database_is_killed_in_the_middle(
    tmp_path: Path, records: list[ModelRecord], whole: dict[str, tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "RETRY_SECONDS", 0.1)  # nobody starts it again meanwhile
    for stop in (3, 17):

        def fail(number: int, stop: int = stop) -> None:
            if number == stop:
                server = embedded.status(tmp_path)
                assert server is not None
                os.kill(server.pid, signal.SIGKILL)

        with connect(tmp_path, heap="512m") as db, monkeypatch.context() as patch:
            db.prepare("keys")
            writes(patch, fail)
            with pytest.raises(DatabaseUnavailable):
                load.load_models(db, records)
    try:
        with connect(tmp_path, heap="512m") as db:
            load.load_models(db, records)
            assert parts(db) == whole
    finally:
        embedded.stop(tmp_path)


def test_the_digest_changes_with_everything_that_is_loaded(db: Database, records: list[ModelRecord]) -> None:
    load.load_models(db, records)
    before = parts(db)
    changes = {
        "Model": "MATCH (m:Model) WITH m LIMIT 1 SET m.likes = coalesce(m.likes, 0) + 1",
        "Tag": "MATCH (t:Tag) WITH t LIMIT 1 SET t.degree = t.degree + 1",
        "HAS_TAG": "MATCH (:Model)-[r:HAS_TAG]->(:Tag) WITH r LIMIT 1 DELETE r",
        "BASED_ON": "MATCH (:Model)-[r:BASED_ON]->(:Model) WITH r LIMIT 1 SET r.relation = 'other'",
        "ALIAS_OF": "MATCH (:Alias)-[r:ALIAS_OF]->(:Model) WITH r LIMIT 1 DELETE r",
    }
    for part, cypher in changes.items():
        with db.driver.session(database=db.name) as session:
            session.run(cypher).consume()
        after = parts(db)
        assert {name for name in after if after[name] != before[name]} == {part, "whole"}
        before = after
