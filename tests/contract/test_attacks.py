"""Every attack, through the page, the API, the command and a driver: refused or ended with one sentence, while other
people's requests go on and the graph stays as it is. On both engines."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from click.testing import CliRunner
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError

from graph.arcadedb_engine import ArcadeDBEngine
from graph.database import Database
from graph.digest import digest
from graph.load import load_models
from hfmrs.cli import cli
from tests.conftest import ANALYSTS_HEAP
from tests.contract.attacks import ATTACKS, PARAMS
from tests.graph.small import record
from web import WebSettings, create_app

#: What is refused before it runs; the others have to be stopped.
STATIC = ("write", "disguise", "stacked", "schema", "administration", "procedure", "reach")
RUNNING = ("endless", "memory", "result", "shape")

INTERNALS = re.compile(r"Exception|Traceback|\bat \w+\.\w+\(|\bjava\b|com\.|org\.|Neo\.|arcadedb\.|/work|/tmp|\n", re.I)


@pytest.fixture(scope="module")
def graph(module_any_db: Database) -> Database:
    """Three hundred models in one family, enough for any product to be endless."""
    names = [f"maker{n % 7}/model-{n}" for n in range(300)]
    load_models(
        module_any_db,
        [
            record(
                name,
                n,
                task="text-generation",
                tags=("common", f"tag{n % 5}"),
                likes=n,
                description="A model. " * 20,
                bases=((names[n // 2], "finetune"),) if n else (),
            )
            for n, name in enumerate(names)
        ],
    )
    return module_any_db


@pytest.fixture(scope="module")
def settings(graph: Database, embedded_home: Path) -> dict[str, Any]:
    where = {"database": graph.name} if graph.engine.name == "arcadedb" else {"uri": graph.uri}
    return {"home": embedded_home, **where, "rate_limit": "", "analysts_heap": ANALYSTS_HEAP}


@pytest.fixture(scope="module")
def attacked(settings: dict[str, Any]) -> Iterator[APIFlask]:
    """The application as attackers reach it: a statement may take a second."""
    app = create_app(WebSettings(**settings, query_seconds=1.0))
    yield app
    app.extensions["hfmrs"].close()


@pytest.fixture(scope="module")
def others(settings: dict[str, Any]) -> Iterator[APIFlask]:
    """The application as others reach it, who have the patience that a restarted process asks for."""
    app = create_app(WebSettings(**settings, query_seconds=60.0))
    app.extensions["hfmrs"].db.ask("RETURN 1")
    yield app
    app.extensions["hfmrs"].close()


COUNT = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)"

#: What the embedded server answers the read-only user: it changes nothing there, or touches readers' statements alone.
HARMLESS = {
    "write/create a link",
    "write/set a dynamic label",
    "write/delete",
    "write/write on a hub",
    "disguise/unicode escape of a quote",
    "disguise/explain",
    "disguise/profile",
    "schema/drop index if exists",
    "administration/show transactions",
    "administration/terminate",
    "administration/show and terminate",
    "administration/show procedures",
    "procedure/ping",
    "procedure/all pairs",
}


def state(db: Database) -> list[object]:
    with db.driver.session(database=db.name) as session:
        count = session.run(COUNT).single(strict=True).values()
    return [*digest(db), count]


def plain(text: str) -> bool:
    return text.endswith(".") and len(text) <= 400 and not INTERNALS.search(text)


def test_there_are_enough() -> None:
    assert sum(map(len, ATTACKS.values())) > 180
    assert {*STATIC, *RUNNING} == set(ATTACKS)


def test_attacks_end_and_other_requests_go_on(graph: Database, attacked: APIFlask, others: APIFlask) -> None:
    before = state(graph)
    done = threading.Event()
    told: list[tuple[str, int]] = []

    def people() -> None:
        client = others.test_client()
        while True:
            for address in ("/api/v1/health", "/api/v1/search?q=model", "/model/maker1/model-1", "/query"):
                told.append((address, client.get(address).status_code))
            body = {"cypher": "MATCH (m:Model {id: $id}) RETURN m.likes", "params": {"id": "maker1/model-1"}}
            answer = client.post("/api/v1/query", json=body)
            told.append((f"a statement: {answer.text}", answer.status_code))
            if done.is_set():
                return

    def attack(item: tuple[str, str, str]) -> str:
        kind, name, cypher = item
        answer = attacked.test_client().post("/api/v1/query", json={"cypher": cypher, "params": PARAMS})
        said = answer.get_json() or {}
        fine = answer.status_code in (403, 422, 504) and plain(said.get("detail", ""))
        return "" if fine else f"{kind}/{name}: {answer.status_code} {answer.text[:300]}"

    with ThreadPoolExecutor(6) as pool:
        watching = pool.submit(people)
        every = [(kind, name, text) for kind, texts in ATTACKS.items() for name, text in texts.items()]
        try:
            wrong = [each for each in pool.map(attack, every) if each]
        finally:
            done.set()
        watching.result()
    assert wrong == []
    assert [each for each in told if each[1] != 200] == []
    assert len(told) >= 5
    assert running(graph) == []
    assert state(graph) == before


def running(db: Database) -> list[str]:
    """The statements that the server still works on, but for the question itself."""
    if isinstance(db.engine, ArcadeDBEngine):
        listed = db.engine.analysts.ready().post("/api/v1/server", {"command": "list queries"})["result"]
        return [each["text"] for each in listed]
    with db.driver.session() as session:
        rows = session.run("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery").value()
    return [text for text in rows if text and "SHOW TRANSACTIONS" not in text]


def test_the_page_refuses_them(graph: Database, attacked: APIFlask) -> None:
    client = attacked.test_client()
    params = {f"p_{name}": str(value) for name, value in PARAMS.items()}
    for kind in STATIC:
        for name, cypher in ATTACKS[kind].items():
            answer = client.get("/query", query_string={"cypher": cypher, **params})
            assert answer.status_code in (403, 422), f"{kind}/{name}"
        for ending in ("csv", "json"):  # the last one of each kind
            assert client.get(f"/query.{ending}", query_string={"cypher": cypher}).status_code in (403, 422), name


def test_the_command_refuses_them(graph: Database, embedded_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if graph.engine.name == "neo4j":
        monkeypatch.setenv("HFMRS_DB", graph.uri)
    else:
        monkeypatch.setenv("HFMRS_DB_NAME", graph.name or "")
    before = state(graph)
    for kind in STATIC:
        for name, cypher in list(ATTACKS[kind].items())[::3]:
            ended = CliRunner().invoke(cli, ["--home", str(embedded_home), "query", cypher])
            assert ended.exit_code == 1 or "parameter" in ended.stderr, f"{kind}/{name}: {ended.output}"
            assert not re.search("Traceback|Exception", ended.output)
    assert state(graph) == before


def test_a_driver_of_ones_own_is_held_by_the_embedded_server(graph: Database) -> None:
    """The read-only user of the analysts' server, past everything of ours that checks."""
    if not isinstance(graph.engine, ArcadeDBEngine):
        pytest.skip("Neo4j Community has no read-only users")
    before = state(graph)
    server = graph.engine.analysts.ready()
    let_through: dict[str, str] = {}
    with GraphDatabase.driver(server.uri, auth=("reader", server.reader)) as driver:
        for kind in STATIC:
            for name, cypher in ATTACKS[kind].items():
                if "sleep" in cypher:  # it does, for a minute
                    continue
                try:
                    with driver.session(database=graph.name) as session:
                        let_through[f"{kind}/{name}"] = str(session.run(cypher, PARAMS).values())[:200]
                except Neo4jError:
                    continue
        for user in ("writer", "root"):
            with pytest.raises(Neo4jError), GraphDatabase.driver(server.uri, auth=(user, server.reader)) as other:
                other.verify_connectivity()
        counted = driver.execute_query(COUNT, database_=graph.name).records[0].values()
    assert set(let_through) <= HARMLESS
    assert state(graph) == before
    assert counted == before[-1]
