"""The read-only Neo4j Community server of docker-compose.yml, over a copy, against every attack by a plain driver."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError

from tests.conftest import NEO4J_SOURCE, missing
from tests.contract.attacks import ATTACKS, PARAMS
from tests.neo4j.server import Unavailable, jars, over

FILL = """UNWIND range(1, 20) AS i
CREATE (m:Model {id: 'a' + toString(i), likes: i})-[:BASED_ON {relation: 'merge'}]->(:Model {id: 'b' + toString(i)}),
       (m)-[:HAS_TAG]->(:Tag {name: 'tag' + toString(i)}), (m)-[:FOR_TASK]->(:Task {name: 'task' + toString(i)})"""
HELD = """MATCH (n) OPTIONAL MATCH (n)-[r]->()
RETURN labels(n), properties(n), type(r), properties(r) ORDER BY elementId(n), elementId(r)"""
SCHEMA = "SHOW INDEXES YIELD name RETURN name ORDER BY name"

#: What such a server answers: it changes nothing in the graph and reads none but its own settings. docs/analysts.md
#: tells of the users.
LET_THROUGH = {
    "disguise/explain",
    "administration/create user",
    "administration/alter user",
    "administration/drop user",
    "administration/show users",
    "administration/show transactions",
    "administration/terminate",
    "administration/show settings",
    "administration/show procedures",
    "procedure/clear plans",
    "procedure/wait",
    "procedure/ping",
    "procedure/settings",
    "procedure/connections",
    "procedure/management",
}


def settings(repo: Path) -> list[str]:
    """Those of the service `analysts`, as Neo4j names them."""
    service = (
        (repo / "docker-compose.yml").read_text(encoding="utf-8").split("\n  analysts:\n")[1].split("\n  copy:")[0]
    )
    found = dict(re.findall(r"^ +NEO4J_([a-z]\w+): \"?([^\"\n]+)", service, re.MULTILINE))
    names = {name: name.replace("__", "\0").replace("_", ".").replace("\0", "_") for name in found}
    return [f"{names[name]}={found[name]}" for name in found if "advertised" not in name]


def test_the_graph_stays_and_nothing_else_is_read(repo: Path, tmp_path: Path) -> None:
    try:
        if not (shutil.which("java") and shutil.which("mvn")):
            raise Unavailable("no Java 17 and Maven")
        jars(NEO4J_SOURCE)
    except Unavailable as error:
        missing(str(error))
    with over(tmp_path, NEO4J_SOURCE) as uri, GraphDatabase.driver(uri) as driver:
        driver.execute_query(FILL)
    through: dict[str, str] = {}
    said: dict[str, str] = {}
    patient = "db.transaction.timeout=10m"  # for a busy machine
    with over(tmp_path, NEO4J_SOURCE, *settings(repo), patient) as uri, GraphDatabase.driver(uri) as driver:
        before = [driver.execute_query(text).records for text in (HELD, SCHEMA)]
        assert len(before[0]) == 120
        for kind in ("write", "disguise", "stacked", "schema", "administration", "procedure", "reach"):
            for name, cypher in ATTACKS[kind].items():
                try:
                    with driver.session() as session:
                        through[f"{kind}/{name}"] = str(session.run(cypher, PARAMS).values())[:200]
                except Neo4jError as error:
                    said[f"{kind}/{name}"] = str(error.message)
        after = [driver.execute_query(text).records for text in (HELD, SCHEMA)]
        with pytest.raises(Neo4jError, match="read-only"):
            driver.execute_query("CREATE (:Model)")
    assert after == before
    assert {name for name in through if name not in LET_THROUGH} == set()
    assert "is blocked" in said["reach/this machine"]
    assert "allow_csv_import_from_file_urls" in said["reach/file"]
