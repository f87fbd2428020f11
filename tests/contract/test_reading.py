"""What people type: read-only, limited in rows and time, with errors that a person understands. On both engines."""

from __future__ import annotations

import json
import time

import pytest

from graph import bounds, guard
from graph.arcadedb_engine import ArcadeDBEngine
from graph.database import Database
from graph.errors import BadInput, Refused, TimedOut
from tests.conftest import Maker

WRITES = [
    "CREATE (n:Model {id: 'new'})",
    "MATCH (m:Model) CREATE (n:Tag {name: m.id}) RETURN n",
    "MERGE (n:Model {id: 'new'}) RETURN n",
    "MATCH (m:Model) SET m.likes = 5",
    "MATCH (m:Model) SET m += {likes: 5} RETURN m",
    "MATCH (m:Model) SET m:Tag RETURN m",
    "MATCH (m:Model) REMOVE m.id",
    "MATCH (m:Model) DELETE m",
    "MATCH (m:Model) DETACH DELETE m",
    "MATCH (m:Model) CALL (m) { SET m.likes = 5 } RETURN m",
    "MATCH (m:Model) FOREACH (x IN [1] | SET m.likes = x)",
    "UNWIND [1] AS x CALL { CREATE (n:Tag {name: 'new'}) RETURN n } RETURN x",
    "MATCH (m:Model {id: 'a'})SET m.likes=5 RETURN m",
    "mAtCh (m:Model) /* SET? */ sEt m.likes = 5",
    "RETURN 1 AS `SET`; CREATE (n:Tag {name: 'new'})",
    "CREATE INDEX other FOR (m:Model) ON (m.other)",
    "CREATE CONSTRAINT other FOR (m:Model) REQUIRE m.other IS UNIQUE",
    "DROP INDEX model_likes",
    "LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line",
    "CALL db.createLabel('Other')",
    "CALL db.index.fulltext.createNodeIndex('other', ['Model'], ['other'])",
    "CALL dbms.security.createUser('u', 'p')",
    "CALL apoc.cypher.doIt('CREATE (n)', {}) YIELD value RETURN value",
    "PROFILE CREATE (n:Tag)",
    "EXPLAIN CREATE (n:Tag)",
    "CREATE USER someone SET PASSWORD 'password'",
    "\\u0043REATE (n:Tag {name: 'new'})",
    "RETURN 'a\\u0027 CREATE (n:Tag) //'",
    "MATCH (m) RETURN apoc.cypher.runFirstColumnSingle('CREATE (n) RETURN n', {})",
    "RETURN `apoc`.cypher.runFirstColumnSingle('CREATE (n) RETURN n', {})",
    "CALL `apoc`.`cypher`.doIt('CREATE (n)', {}) YIELD value RETURN value",
    "RETURN apoc /**/ . cypher /**/ . run('CREATE (n)')",
    "EXPLAIN PROFILE CREATE (n:Tag)",
    "/* a */ PROFILE // b\nMATCH (m:Model) DETACH DELETE m",
]

READS = [
    "MATCH (m:Model) WHERE m.id <> 'CREATE' RETURN m.id AS `SET` ORDER BY `SET` LIMIT 3",
    "MATCH (m:Model) RETURN m.set, m.delete, {create: 1} AS map // SET DELETE",
    "MATCH (m:Model) /* DELETE m */ RETURN count(*) AS n;",
    "CALL db.labels() YIELD label RETURN label",
    "CALL db.index.fulltext.queryNodes('model_text', $q) YIELD node, score RETURN node.id, score",
    "WITH datetime('2024-01-01T00:00:00Z') AS d RETURN datetime.truncate('month', d) AS d",
    "MATCH (m:Model) RETURN COUNT { (m)-->() } AS n, [x IN [1, 2] WHERE x > 1 | x] AS list",
    "MATCH (m:Model) CALL (m) { OPTIONAL MATCH (m)-->(n) RETURN count(n) AS n } RETURN m.id, n",
]


@pytest.fixture(scope="module")
def filled(module_any_db: Database) -> Database:
    with module_any_db.driver.session(database=module_any_db.name) as session:
        session.run(
            "CREATE (a:Model {id: 'a', likes: 1})-[:BASED_ON {relation: 'merge'}]->(b:Model {id: 'b'})"
        ).consume()
    return module_any_db


def _state(db: Database) -> list[object]:
    with db.driver.session(database=db.name) as session:
        nodes = session.run("MATCH (n) RETURN labels(n) AS l, properties(n) AS p ORDER BY n.id").data()
        return [nodes, session.run("MATCH ()-[r]->() RETURN count(*) AS n").single(strict=True)["n"]]


@pytest.mark.parametrize("cypher", WRITES)
def test_every_kind_of_write_is_refused(filled: Database, cypher: str) -> None:
    before = _state(filled)
    with pytest.raises(Refused):
        filled.ask(cypher)
    assert _state(filled) == before


@pytest.mark.parametrize("cypher", WRITES[:12])
def test_the_engine_holds_where_the_guard_does_not(
    filled: Database, cypher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is one of two locks: without it, what would change data is refused all the same."""
    monkeypatch.setattr(guard, "check", lambda cypher: cypher)
    before = _state(filled)
    with pytest.raises((Refused, BadInput)):
        filled.ask(cypher)
    assert _state(filled) == before


def test_reading_is_let_through(filled: Database) -> None:
    for cypher in READS:
        filled.ask(cypher, {"q": "text"})


def test_a_plan_is_shown_and_nothing_but_reading_is_planned(filled: Database) -> None:
    cypher = "MATCH (m:Model {id: $id}) RETURN m.likes AS likes"
    for word in ("EXPLAIN ", "explain\n", "/* how? */ PROFILE "):
        table = filled.ask(word + cypher, {"id": "a"}, timeout=30)
        assert table.columns == ("plan",)
        assert "Seek" in str(table.rows)
        assert len(table.rows) >= 3
        assert len(filled.ask(word + cypher, {"id": "a"}, limit=2, timeout=30).rows) == 2
    with pytest.raises(BadInput):
        filled.ask("EXPLAIN MATCH (m:Model RETURN m")
    with pytest.raises(TimedOut):
        filled.ask("PROFILE UNWIND range(1, 99999) AS a UNWIND range(1, 99999) AS b RETURN a * b", timeout=0.5)


def test_rows_beyond_the_limit_are_cut_and_said(filled: Database) -> None:
    table = filled.ask("UNWIND range(1, 50000) AS x RETURN x, -x AS y", limit=3)
    assert table.columns == ("x", "y")
    assert table.rows == ((1, -1), (2, -2), (3, -3))
    assert table.truncated
    exact = filled.ask("UNWIND range(1, 3) AS x RETURN x", limit=3)
    assert not exact.truncated
    assert len(exact.rows) == 3


def test_a_long_statement_is_stopped(filled: Database) -> None:
    slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a * b = -1 RETURN count(*) AS n"
    filled.ask("RETURN 1")
    start = time.monotonic()
    with pytest.raises(TimedOut, match=r"longer than 0.5 s"):
        filled.ask(slow, timeout=0.5)
    assert time.monotonic() - start < 5
    if isinstance(filled.engine, ArcadeDBEngine):
        running = filled.engine.analysts.ready().post("/api/v1/server", {"command": "list queries"})["result"]
        assert not [query for query in running if "100000" in query["text"]]
    else:
        with filled.driver.session() as session:
            running = session.run("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery").value()
        assert slow not in running
    assert filled.ask("RETURN 1 AS one").rows == ((1,),)


def test_graph_values_are_json(filled: Database) -> None:
    table = filled.ask("MATCH p = (a:Model {id: 'a'})-[r]->(b) RETURN a, r, p, datetime('2024-05-06T07:08:09Z') AS t")
    a, r, p, t = json.loads(json.dumps(table.rows[0]))
    assert (a["labels"], a["properties"]) == (["Model"], {"id": "a", "likes": 1})
    assert (r["type"], r["properties"], r["start"]) == ("BASED_ON", {"relation": "merge"}, a["id"])
    assert [node["properties"]["id"] for node in p["nodes"]] == ["a", "b"]
    assert [each["id"] for each in p["relationships"]] == [r["id"]]
    assert t == "2024-05-06T07:08:09Z"


def test_long_vectors_are_shortened(filled: Database) -> None:
    table = filled.ask("RETURN $v AS v, $w AS w", {"v": [0.5] * 256, "w": [0.5] * 16})
    assert table.rows[0] == ([*[0.5] * 16, "… 256 numbers"], [0.5] * 16)


@pytest.mark.parametrize(
    ("cypher", "said"),
    [
        ("MATCH (m:Model RETURN m", "line 1"),
        ("MATCH (m:Model) RETURN $missing AS x", "missing"),
        ("MATCH (m:Model) RETURN unknown", "unknown"),
        ("RETURN 1 / 0 AS x", "by zero"),
        ("", "no statement"),
    ],
)
def test_mistakes_become_one_sentence(filled: Database, cypher: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        filled.ask(cypher)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 300
    assert caught.value.hint


def test_parameters_that_cannot_be_sent_are_told(filled: Database) -> None:
    with pytest.raises(BadInput, match="parameter"):
        filled.ask("RETURN $x AS x", {"x": object()})


def test_a_statement_that_eats_memory_is_told_so(filled: Database) -> None:
    with pytest.raises(BadInput, match="more memory than it may have"):
        filled.ask("UNWIND range(1, 99) AS a UNWIND range(1, 100000) AS b RETURN size(collect(a * b)) AS n", timeout=60)
    assert filled.ask("RETURN 1 AS one").rows == ((1,),)


def test_doubling_inside_an_expression_is_told_so(new_embedded: Maker) -> None:
    with new_embedded() as db:
        with pytest.raises(BadInput, match="more memory than it may have"):
            db.ask("RETURN size(reduce(s = 'x', i IN range(1, 36) | s + s)) AS n", timeout=60)
        assert db.ask("RETURN 1 AS one").rows == ((1,),)


def test_an_answer_too_large_is_told_so(filled: Database) -> None:
    with pytest.raises(BadInput, match="larger than 32 MB"):
        filled.ask("UNWIND range(1, 1000) AS i RETURN $text AS text", {"text": "x" * 50_000}, timeout=60)


@pytest.mark.parametrize(
    ("cypher", "said"),
    [
        ("RETURN '" + "x" * 10_000 + "' AS x", "longer than"),
        ("RETURN " + "(" * 60 + "1" + ")" * 60 + " AS x", "nested"),
        ("RETURN " + "NOT " * 600 + "true AS x", "operators"),
        ("RETURN [x IN [1] WHERE any(y IN [2] WHERE y = x)] AS x", "loop inside a loop"),
        ("RETURN reduce(s = 'x', i IN [1, 2] | s + s) AS x", "builds s"),
        ("UNWIND range(1, 1000000) AS x RETURN x", "100,000 numbers"),
        ("RETURN 'x' =~ '(a+)+$' AS x", "take for ever"),
        ("RETURN 'x' =~ '.*a.*b.*c.*d' AS x", "take for ever"),
        ("RETURN 'x' =~ $pattern AS x", "take for ever"),
        ("RETURN 'x' =~ '(a' + '+)+$' AS x", "has to be a text"),
        ("RETURN 'x' =~ ('(a+)' + '+$') AS x", "has to be a text"),
    ],
)
def test_what_neo4j_could_not_stop_is_not_sent(cypher: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        bounds.check(guard.check(cypher), {"pattern": "(a|b)*c"})
    assert caught.value.hint


def test_usual_loops_and_patterns_are_sent() -> None:
    for cypher in (
        "MATCH (m:Model) RETURN [x IN m.list WHERE x > 1 | x * 2] AS x, any(y IN m.list WHERE y = 1) AS y",
        "MATCH (m:Model) RETURN reduce(total = 0, x IN m.list | total + x) AS total",
        "MATCH (m:Model) RETURN reduce(most = 0, x IN m.list | CASE WHEN x > most THEN x ELSE most END) AS most",
        r"MATCH (m:Model) WHERE m.id =~ '(?i).*bert[-_](base|large)\+?.*' RETURN m.id, range(0, size(m.list) - 1) AS x",
        "MATCH (m:Model) WHERE m.id =~ $pattern AND m.likes > 3 RETURN m.id",
    ):
        bounds.check(guard.check(cypher), {"pattern": ".*bert.*"})


@pytest.mark.parametrize(
    ("cypher", "place"),
    [
        ("MATCH (m:Model) RETRUN m", "line 1, column 17"),
        ("MATCH (m:Model)\nRETRUN m", "line 2, column 1"),
        ("MATCH (m:Model)\nWHERE m.id = = 'x'\nRETURN m", "line 2, column 14"),
    ],
)
def test_a_mistake_is_told_with_its_place(any_db: Database, cypher: str, place: str) -> None:
    with pytest.raises(BadInput, match=place):
        any_db.ask(cypher)
