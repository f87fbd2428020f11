"""What loading, searching and publishing rely on, the same on both engines."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError

from graph.arcadedb_engine import ArcadeDBEngine
from graph.database import BATCH_BYTES, BATCH_ROWS, Database, batches
from graph.slots import NETWORK_METHODS, Slot
from graph.types import FACT_LABELS

KEYS = {
    "Model": "id",
    **{label: key for label, (_, key) in FACT_LABELS.items()},
    **dict.fromkeys(("Alias", "Space", "User", "Run", "Current", "Stage"), "id"),
    "Collection": "slug",
}

STRANGE = [
    "plain",
    "",
    " space around ",
    "quote ' and \" and ` and \\",
    "new\nline\ttab\r\x00null",
    "$param {brace} :Label //comment /*more*/",
    "'; MATCH (n) DETACH DELETE n //",
    "Ünïcödé ßẞ 日本語 العربية עברית",
    "emoji 🤗 👩‍👩‍👧 flag 🇺🇳",
    "e\u0301 and \u00e9",
    "\u202eright to left\u200b zero width",
    "\U0010ffff",
]


def run(db: Database, cypher: str, /, **params: object) -> list[dict[str, object]]:
    with db.driver.session(database=db.name) as session:
        return session.run(cypher, params).data()


def test_keys_are_unique(any_db: Database) -> None:
    for label, key in KEYS.items():
        run(any_db, f"CREATE (:{label} {{{key}: 'same'}})")
        with pytest.raises(Neo4jError):
            run(any_db, f"CREATE (:{label} {{{key}: 'same'}})")
        assert run(any_db, f"MATCH (n:{label}) RETURN count(n) AS n") == [{"n": 1}]


def test_preparing_again_changes_nothing(any_db: Database) -> None:
    run(any_db, "CREATE (:Model {id: 'a', soup: 'a soup'})")
    before = run(any_db, "SHOW INDEXES")
    any_db.prepare()
    assert len(run(any_db, "SHOW INDEXES")) == len(before)
    assert run(any_db, "MATCH (m:Model) RETURN m.id AS id") == [{"id": "a"}]


def test_every_index_is_there_and_online(any_db: Database) -> None:
    rows = run(any_db, "SHOW INDEXES")
    assert {row["state"] for row in rows} == {"ONLINE"}
    indexed = {(row["labelsOrTypes"][0], row["properties"][0]) for row in rows if row["labelsOrTypes"]}  # type: ignore[index]
    wanted = set(KEYS.items()) | {("Model", "soup"), ("Model", "textEmbedding")}
    wanted |= {("Model", name) for name in ("downloads", "likes", "createdAt", "task", "library", "license", "nameKey")}
    wanted |= {("Model", Slot(method, letter).embedding) for method in NETWORK_METHODS for letter in ("A", "B")}  # type: ignore[arg-type]
    assert wanted <= indexed


def test_upsert_changes_and_removes_properties(any_db: Database) -> None:
    upsert = "UNWIND $rows AS row MERGE (m:Model {id: row.id}) SET m += row.props"
    run(any_db, upsert, rows=[{"id": "a", "props": {"likes": 1, "task": "x"}}, {"id": "b", "props": {}}])
    run(any_db, upsert, rows=[{"id": "a", "props": {"likes": 2, "task": None}}, {"id": "c", "props": {}}])
    found = run(any_db, "MATCH (m:Model) RETURN properties(m) AS p ORDER BY m.id")
    assert [row["p"] for row in found] == [{"id": "a", "likes": 2}, {"id": "b"}, {"id": "c"}]


def test_links_are_made_once_and_replaced(any_db: Database) -> None:
    link = "UNWIND $rows AS row MATCH (m:Model {id: row.id}) MERGE (t:Tag {name: row.tag}) MERGE (m)-[:HAS_TAG]->(t)"
    run(any_db, "CREATE (:Model {id: 'a'})")
    for _ in range(2):
        run(any_db, link, rows=[{"id": "a", "tag": "x"}, {"id": "a", "tag": "y"}, {"id": "a", "tag": "x"}])
    tags = "MATCH (:Model {id: 'a'})-[:HAS_TAG]->(t) RETURN t.name AS name ORDER BY name"
    assert [row["name"] for row in run(any_db, tags)] == ["x", "y"]
    run(any_db, "MATCH (:Model {id: 'a'})-[r:HAS_TAG]->(t) WHERE NOT t.name IN ['y'] DELETE r")
    assert [row["name"] for row in run(any_db, tags)] == ["y"]
    assert run(any_db, "MATCH (t:Tag) RETURN t.name AS name, COUNT { (t)<-[:HAS_TAG]-() } AS n ORDER BY name") == [
        {"name": "x", "n": 0},
        {"name": "y", "n": 1},
    ]


def test_deleting_a_node_takes_its_links(any_db: Database) -> None:
    run(any_db, "CREATE (a:Model {id: 'a'}), (b:Model {id: 'b'}), (a)-[:BASED_ON {relation: 'merge'}]->(b)")
    with pytest.raises(Neo4jError):
        run(any_db, "MATCH (m:Model {id: 'b'}) DELETE m")
    run(any_db, "MATCH (m:Model {id: 'b'}) DETACH DELETE m")
    assert run(any_db, "MATCH (a:Model) RETURN a.id AS id, COUNT { (a)--() } AS n") == [{"id": "a", "n": 0}]


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_characters_come_back(module_any_db: Database, text: str) -> None:
    run(module_any_db, "MERGE (m:Model {id: $id}) SET m.title = $id", id=text)
    found = run(module_any_db, "MATCH (m:Model {id: $id}) RETURN m.id AS id, m.title AS title", id=text)
    assert found == [{"id": text, "title": text}]


def test_keys_keep_case_and_accents_apart(any_db: Database) -> None:
    names = ["Bert", "bert", "BERT", "bért", "e\u0301", "\u00e9"]
    run(any_db, "UNWIND $names AS name MERGE (:Author {name: name})", names=names)
    assert {row["name"] for row in run(any_db, "MATCH (a:Author) RETURN a.name AS name")} == set(names)


def test_missing_is_absent(any_db: Database) -> None:
    run(any_db, "CREATE (:Model {id: 'a', likes: $null, languages: []})", null=None)
    found = run(any_db, "MATCH (m:Model) WHERE m.likes IS NULL RETURN properties(m) AS p")
    assert found == [{"p": {"id": "a", "languages": []}}]
    assert run(any_db, "MATCH (m:Model) RETURN m.nothing AS x, coalesce(m.nothing, 7) AS y") == [{"x": None, "y": 7}]


def test_datetimes_come_back_in_utc(any_db: Database) -> None:
    moments = [
        datetime(2022, 3, 2, 23, 29, 4, tzinfo=timezone.utc),
        datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=timezone.utc),
        datetime(2024, 2, 29, 12, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        datetime(2099, 1, 1, tzinfo=timezone.utc),
    ]
    run(
        any_db,
        "UNWIND range(0, size($moments) - 1) AS i CREATE (:Model {id: toString(i), createdAt: $moments[i]})",
        moments=moments,
    )
    found = [row["time"] for row in sorted(any_db.read("export/models"), key=lambda row: str(row["key"]))]
    assert found == moments
    assert {each.tzinfo for each in found} == {timezone.utc}
    later = run(any_db, "MATCH (m:Model) WHERE m.createdAt > $at RETURN m.id AS id ORDER BY id", at=moments[0])
    assert [row["id"] for row in later] == ["2", "3"]


def test_a_megabyte_of_text_comes_back(any_db: Database) -> None:
    text = "a model card with ünïcödé 🤗\n" * 40_000
    assert len(text.encode()) > 2**20
    run(any_db, "CREATE (:Model {id: 'a', description: $text})", text=text)
    assert run(any_db, "MATCH (m:Model) RETURN m.description AS text") == [{"text": text}]


def test_numbers_come_back(any_db: Database) -> None:
    numbers = [0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 0.1, -1e300, 1e-300]
    run(any_db, "UNWIND range(0, size($n) - 1) AS i CREATE (:Run {id: toString(i), value: $n[i]})", n=numbers)
    found = [row["v"] for row in run(any_db, "MATCH (r:Run) RETURN r.value AS v ORDER BY toInteger(r.id)")]
    assert found == numbers
    assert [type(each) for each in found] == [type(each) for each in numbers]


def test_full_text_search(any_db: Database) -> None:
    soups = {"a": "sentence similarity in german", "b": "german speech recognition", "c": "image classification"}
    run(any_db, "UNWIND keys($s) AS id CREATE (:Model {id: id, soup: $s[id]})", s=soups)
    search = "CALL db.index.fulltext.queryNodes('model_text', $q) YIELD node, score RETURN node.id AS id, score"

    def found(text: str) -> list[str]:
        return [row["id"] for row in poll(lambda: run(any_db, search, q=text))]  # type: ignore[misc]

    assert found("german similarity")[0] == "a"
    assert set(found("german")) == {"a", "b"}
    run(any_db, "MATCH (m:Model {id: 'a'}) SET m.soup = 'something else'")
    run(any_db, "MATCH (m:Model {id: 'b'}) DETACH DELETE m")
    assert run(any_db, search, q="german") == []


def test_vector_search(any_db: Database) -> None:
    vectors = {"a": [1.0, 0.0], "b": [0.6, 0.8], "c": [0.0, 1.0], "d": [-1.0, 0.0]}
    rows = [{"id": key, "vector": value + [0.0] * 62} for key, value in vectors.items()]
    run(any_db, "UNWIND $rows AS row CREATE (:Model {id: row.id, gatEmbeddingB: row.vector})", rows=rows)
    search = (
        "CALL db.index.vector.queryNodes('model_gatEmbeddingB', 3, $v) YIELD node, score RETURN node.id AS id, score"
    )
    found = poll(lambda: run(any_db, search, v=rows[0]["vector"]))
    assert [row["id"] for row in found] == ["a", "b", "c"]
    assert [row["score"] for row in found] == pytest.approx([1.0, 0.8, 0.5], abs=1e-3)
    run(any_db, "MATCH (m:Model {id: 'b'}) SET m.gatEmbeddingB = $v", v=[0.0, -1.0] + [0.0] * 62)
    run(any_db, "MATCH (m:Model {id: 'c'}) REMOVE m.gatEmbeddingB")
    assert [row["id"] for row in run(any_db, search, v=rows[0]["vector"])] == ["a", "b", "d"]


def test_rows_are_written_in_batches(any_db: Database) -> None:
    heard: list[int] = []
    rows = ({"key": f"tag{i}"} for i in range(BATCH_ROWS + 5))
    any_db.write_rows("load/count_tag", rows, on_batch=heard.append)
    assert heard == [BATCH_ROWS, BATCH_ROWS + 5]
    assert any_db.write_rows("load/count_tag", []) == 0


def test_batches_keep_to_their_size() -> None:
    row = {"vector": [0.5] * 100_000}
    sizes = [len(batch) for batch in batches([row] * 20)]
    assert max(sizes) * 900_000 <= BATCH_BYTES
    assert sum(sizes) == 20
    assert [len(batch) for batch in batches([{"text": "x" * (BATCH_BYTES + 1)}] * 2)] == [1, 1]


def test_two_writers_at_once_both_succeed(any_db: Database) -> None:
    errors: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for batch in range(10):
                rows = [{"alias": f"{writer}-{batch}-{i}", "id": f"m{i % 7}"} for i in range(60)]
                any_db.write_rows("load/alias", rows)
        except BaseException as error:
            errors.append(error)

    run(any_db, "UNWIND range(0, 6) AS i CREATE (:Model {id: 'm' + toString(i)})")
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert run(any_db, "MATCH (a:Alias)-[r:ALIAS_OF]->(:Model) RETURN count(r) AS n") == [{"n": 3 * 10 * 60}]


def test_a_failed_statement_leaves_nothing(any_db: Database) -> None:
    with pytest.raises(Neo4jError):
        run(any_db, "UNWIND ['a', 'b', 'a'] AS id CREATE (:Model {id: id})")
    assert run(any_db, "MATCH (m:Model) RETURN count(m) AS n") == [{"n": 0}]


def test_the_plain_driver_connects(any_db: Database) -> None:
    address, login = reading(any_db)
    with GraphDatabase.driver(address, auth=login) as driver:
        assert driver.execute_query("RETURN 1 AS one", database_=any_db.name).records[0]["one"] == 1


def test_py2neo_connects(any_db: Database) -> None:
    py2neo = pytest.importorskip("py2neo")
    run(any_db, "CREATE (:Model {id: 'a'})-[:HAS_TAG]->(:Tag {name: 'x'})")
    address, login = reading(any_db)
    graph = py2neo.Graph(address, auth=login, name=any_db.name)
    assert graph.run("MATCH (m:Model)-->(t) RETURN m.id AS id, t.name AS tag").data() == [{"id": "a", "tag": "x"}]
    assert py2neo.NodeMatcher(graph).match("Model", id="a").first()["id"] == "a"


def reading(db: Database) -> tuple[str, tuple[str, str]]:
    """Address and login of those who read with a client of their own."""
    if isinstance(db.engine, ArcadeDBEngine):
        server = db.engine.analysts.ready()
        return server.uri, ("reader", server.reader)
    return db.uri, ("neo4j", "any")


def poll(answer):  # type: ignore[no-untyped-def]
    """Neo4j's text and vector indexes follow a commit within moments."""
    for _ in range(200):
        rows = answer()
        if rows:
            return rows
    return []
