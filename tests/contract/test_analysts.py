"""The analysts' server: a process of its own over a copy that is as new as the graph, and that may die at any time."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from graph import analysts, embedded
from graph.analysts import Analysts
from graph.arcadedb_engine import ArcadeDBEngine
from graph.database import Database
from graph.errors import TimedOut
from tests.conftest import Maker

COUNT = "MATCH (m:Model) RETURN count(m) AS n"
UNSTOPPABLE = (
    "WITH range(1, 5000) AS l RETURN reduce(x = 0, a IN l | x + reduce(y = 0, b IN l | y + "
    "reduce(z = 0, c IN l | z + 1))) AS n"
)


def of(db: Database) -> Analysts:
    assert isinstance(db.engine, ArcadeDBEngine)
    return db.engine.analysts


def add(db: Database, name: str) -> None:
    with db.driver.session(database=db.name) as session:
        session.run("CREATE (:Model {id: $id})", id=name).consume()


def test_it_sees_what_was_written_and_no_copy_is_taken_twice(
    new_embedded: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[embedded.Server] = []
    real = Analysts._copy

    def copy(self: Analysts, server: embedded.Server) -> None:
        taken.append(server)
        real(self, server)

    monkeypatch.setattr(Analysts, "_copy", copy)
    with new_embedded() as db:
        for n in range(3):
            add(db, f"model {n}")
            assert db.ask(COUNT).rows == ((n + 1,),)
        for _ in range(3):
            db.ask(COUNT)
        taken.clear()
        db.ask(COUNT)
        assert taken == []


def test_a_large_graph_is_not_copied_while_somebody_writes(
    new_embedded: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_embedded() as db:
        add(db, "first")
        assert db.ask(COUNT).rows == ((1,),)
        monkeypatch.setattr(analysts, "LARGE_BYTES", 0)
        monkeypatch.setattr(analysts, "QUIET_SECONDS", 1e9)
        add(db, "second")
        assert db.ask(COUNT).rows == ((1,),)
        monkeypatch.setattr(analysts, "QUIET_SECONDS", 0.0)
        assert db.ask(COUNT).rows == ((2,),)


def test_a_process_that_died_is_started_again(new_embedded: Maker) -> None:
    with new_embedded() as db:
        add(db, "first")
        before = of(db).ready()
        assert db.ask(COUNT).rows == ((1,),)
        os.kill(before.pid, signal.SIGKILL)
        assert db.ask(COUNT).rows == ((1,),)
        after = of(db).ready()
        assert after.pid != before.pid
        assert (after.bolt, after.reader) == (before.bolt, before.reader)


def test_what_cannot_be_stopped_ends_with_its_process(new_embedded: Maker) -> None:
    with new_embedded() as db:
        add(db, "first")
        main, before = db.read("explore/count_models"), of(db).ready()
        with pytest.raises(TimedOut, match="longer than 1 s"):
            db.ask(UNSTOPPABLE, timeout=1)
        assert embedded.status(of(db).home) is None
        with pytest.raises(ProcessLookupError):
            os.kill(before.pid, 0)
        assert db.read("explore/count_models") == main
        assert db.ask(COUNT).rows == ((1,),)


def test_writers_do_not_reach_it_and_readers_not_the_main_one(new_embedded: Maker, embedded_home: Path) -> None:
    main = embedded.start(embedded_home)
    with new_embedded() as db:
        add(db, "first")
        server = of(db).ready()
        assert server.pid != main.pid
        for uri, user, password in (
            (main.uri, "reader", main.reader),
            (main.uri, "reader", server.reader),
            (server.uri, "writer", server.writer),
        ):
            with pytest.raises(AuthError), GraphDatabase.driver(uri, auth=(user, password)) as driver:
                driver.verify_connectivity()


def test_every_record_is_read_however_many_there_are(new_embedded: Maker) -> None:
    with new_embedded() as db, db.driver.session(database=db.name) as session:
        for _ in range(12):  # as many as would meet a limit of 100,000 records in any one part of the database
            session.run("UNWIND range(1, 10000) AS n CREATE (:Tag {degree: n})").consume()
        everything = "MATCH (t:Tag) WHERE t.degree > 0 WITH t.degree % 2 = 0 AS even RETURN count(*) AS n"
        assert db.ask(everything).rows == ((120_000,),)
        server = of(db).ready()
        with GraphDatabase.driver(server.uri, auth=("reader", server.reader)) as reader:
            rows = reader.execute_query("MATCH (t:Tag) RETURN t.degree AS n", database_=db.name).records
        assert len(rows) == 120_000
