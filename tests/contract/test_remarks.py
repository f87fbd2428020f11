"""Names that the graph does not have, and dates that find nothing, are told beside the answer. On both engines."""

from __future__ import annotations

import pytest

import hfmrs
from graph.database import Database
from graph.load import load_models
from graph.statements import typed
from tests.graph.small import record

DATE = "`createdAt` is a moment in time, and compared with a text, a date or a number it finds nothing; "
WRITE = DATE + "write datetime('2024-01-31')."
SINCE = "MATCH (m:Model) WHERE m.createdAt >= $since RETURN count(m) AS n"


@pytest.fixture(scope="module")
def db(module_any_db: Database) -> Database:
    child = record("o/child", 400, downloads=3, bases=(("o/base", "finetune"),))
    load_models(module_any_db, [record("o/base", 0, task="fill-mask", downloads=5), child])
    return module_any_db


def none(of: str, name: str, end: str) -> list[str]:
    return [f"None of the first 500 {of} nodes has a property `{name}`; {end}"]


def unknown(what: str, name: str, near: str) -> list[str]:
    return [f"There is no {what} `{name}`; did you mean {near}?"]


LINK = "No BASED_ON relationship of the first 500 nodes has a property `relatoin`; did you mean relation?"


@pytest.mark.parametrize(
    ("cypher", "said"),
    [
        ("MATCH (m:Modle) RETURN m", unknown("label", "Modle", "Model")),
        ("MATCH (m:`Modle`) RETURN m", unknown("label", "Modle", "Model")),
        ("MATCH (:models {id: 'x'})-->() RETURN 1 AS one", unknown("label", "models", "Model")),
        ("MATCH ()-[:BASD_ON*1..2]->(b) RETURN b", unknown("relationship type", "BASD_ON", "BASED_ON")),
        ("MATCH ()-[:BASED_ON|forTask]->(x) RETURN x", unknown("relationship type", "forTask", "FOR_TASK")),
        ("MATCH (m:Model) WHERE m.dowloads > 3 RETURN m", none("Model", "dowloads", "did you mean downloads?")),
        ("MATCH (m:Model) RETURN m.id, m.dowloads", none("Model", "dowloads", "did you mean downloads?")),
        ("MATCH (t:Task {slug: 'fill-mask'}) RETURN t", none("Task", "slug", "there are degree, name.")),
        ("MATCH (:Model)-[b:BASED_ON {relatoin: 'merge'}]->() RETURN b", [LINK]),
        ("MATCH (m:Model) WHERE m.createdAt >= '2023-01-01' RETURN m.id", [WRITE]),
        ("MATCH (m:Model) WHERE date('2023-01-01') < m.createdAt RETURN m.id", [WRITE]),
        ("MATCH (m:Model) WHERE m.createdAt > 2023 RETURN count(m)", [WRITE]),
        # What is there, means something else, or has been found.
        ("MATCH (m:Model {id: 'nobody'}) RETURN m /* (x:Modle) */ // :Modle", []),
        ("MATCH (m:Model) WHERE m.id = '(x:Modle)' RETURN m", []),
        ("MATCH (m:Model) WHERE m.textEmbedding IS NULL AND m.likes = 7 RETURN m", []),
        ("MATCH (m:Model) WITH {dowloads: m.id} AS m WHERE m.dowloads = 'x' RETURN m", []),
        ("MATCH (m:Model) RETURN m.id AS id, coalesce(m.dowloads, 1) AS n", []),
        ("MATCH (m:Model) WHERE m.createdAt >= datetime('2023-01-01') RETURN m.id", []),
        ("MATCH (m:Model) WHERE date(m.createdAt) > date('2100-01-01') RETURN m.id", []),
        ("MATCH (m:Model)-[r:$('BASED_ON')]->() RETURN count(m) + 1 AS n", []),
    ],
)
def test_what_the_graph_does_not_have_is_told(db: Database, cypher: str, said: list[str]) -> None:
    assert list(db.ask(cypher).notes) == said


def test_a_text_that_is_compared_with_a_date_is_one(db: Database) -> None:
    for since, n in (("2023-01-02", 1), ("2024-12-31T00:00:00Z", 0)):
        assert hfmrs.query(db, SINCE, since=since).rows == ((n,),)
    with pytest.warns(UserWarning, match=r"give \$since as a text such as 2024-01-31"):
        assert hfmrs.query(db, SINCE, since=2023).rows == ((0,),)
    inside = "MATCH (m:Model) WHERE m.createdAt >= datetime($since) RETURN count(m) AS n"
    assert hfmrs.query(db, inside, since="2023-01-02").rows == ((1,),)


def test_which_parameters_are_dates() -> None:
    for cypher, type_ in (
        (SINCE, "datetime"),
        ("MATCH (d) WHERE $since < d.lastModified RETURN d", "datetime"),
        (SINCE + ", datetime($since) AS day", "any"),
        ("MATCH (m) WHERE m.id = $since RETURN m.createdAt", "any"),
    ):
        assert [param.type for param in typed(cypher).params] == [type_]


def test_python_is_warned_and_keeps_the_note(db: Database) -> None:
    with pytest.warns(UserWarning, match="did you mean Model"):
        answer = hfmrs.query(db, "MATCH (m:Modle) RETURN m")
    assert answer.notes == ("There is no label `Modle`; did you mean Model?",)
