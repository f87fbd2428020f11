"""`hfmrs.query`: answers as DataFrames and drawings, and its errors. On both engines."""

from __future__ import annotations

import builtins
import warnings
from datetime import datetime, timezone
from typing import Any

import pandas as pd
import pytest

import hfmrs
from graph.database import Database
from graph.errors import BadInput, HfmrsError, NotFound, Refused, TimedOut

DAY = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def db(module_any_db: Database) -> Database:
    with module_any_db.driver.session(database=module_any_db.name) as session:
        session.run(
            "CREATE (a:Model {id: 'x/a', likes: 1, createdAt: $day, gated: true, textEmbedding: $vector}) "
            "CREATE (b:Model {id: 'x/b', license: 'mit'}), (t:Task {name: 'fill-mask'}) "
            "CREATE (a)-[:BASED_ON {relation: 'merge'}]->(b), (b)-[:FOR_TASK]->(t)",
            day=DAY,
            vector=[0.5] * 256,
        ).consume()
    return module_any_db


def test_a_frame_keeps_what_values_are(db: Database) -> None:
    cypher = "MATCH (m:Model) RETURN m.id AS id, m.likes AS likes, m.createdAt AS day, m.gated AS gated ORDER BY id"
    frame = hfmrs.query(db, cypher).frame()
    assert [str(each) for each in frame.dtypes.iloc[1:]] == [
        "Int64",
        f"datetime64[{frame.day.dt.unit}, UTC]",
        "boolean",
    ]
    assert frame.id.tolist() == ["x/a", "x/b"]
    assert frame.day[0] == DAY
    assert frame[["likes", "day", "gated"]].isna().loc[1].all()


def test_nodes_relationships_and_paths_are_readable(db: Database) -> None:
    answer = hfmrs.query(
        db,
        "MATCH p = (a:Model {id: $id})-[r:BASED_ON]->(b) MATCH q = (t:Task)<--(b) "
        "RETURN a, r, p, q, [a, b] AS both, {b: b} AS map, a.textEmbedding AS vector",
        id="x/a",
    )
    (row,) = answer.frame().to_dict("records")
    vector = row.pop("vector")
    assert row == {
        "a": "x/a",
        "r": "BASED_ON",
        "p": "x/a -[BASED_ON]-> x/b",
        "q": "fill-mask <-[FOR_TASK]- x/b",
        "both": ["x/a", "x/b"],
        "map": {"b": "x/b"},
    }
    assert vector == [0.5] * 256
    assert answer.rows[0][0]["properties"]["createdAt"] == DAY


def test_a_drawing_holds_what_the_rows_hold_once(db: Database) -> None:
    drawing = hfmrs.query(db, "MATCH p = (:Model)-->() MATCH (t:Task) RETURN collect(p) AS paths, t").draw()
    assert str(drawing) == "Nodes: 3, relationships: 2."
    for name in ("Model: x/a", "Model: x/b", "Task: fill-mask", "BASED_ON", "FOR_TASK"):
        assert drawing.svg.count(f"<title>{name}</title>") == 1
    alone = hfmrs.query(db, "MATCH (m:Model)-[r]->() RETURN m, r").draw()
    assert str(alone) == "Nodes: 2, relationships: 1."


@pytest.mark.parametrize(
    ("cypher", "said"),
    [("RETURN 1 AS one", "returns no nodes and no paths"), ("MATCH (m:Model {id: 'no'}) RETURN m", "has no rows")],
)
def test_nothing_to_draw_is_said(db: Database, cypher: str, said: str) -> None:
    drawing = hfmrs.query(db, cypher).draw()
    assert said in str(drawing)
    assert said in drawing._repr_html_()


def test_what_the_limit_cuts_is_said(db: Database) -> None:
    cut = hfmrs.query(db, "MATCH (m:Model) RETURN m", limit=1)
    assert (len(cut), cut.truncated) == (1, True)
    assert "the first 1 row of m" in repr(cut)
    assert "there are more" in cut.draw().svg
    with warnings.catch_warnings():  # nobody is warned of a limit of their own
        warnings.simplefilter("error")
        cut.frame()
    with pytest.warns(UserWarning, match="the first 1000 rows; there are more"):
        hfmrs.query(db, "UNWIND range(1, 1001) AS n RETURN n").frame()


def test_the_limit_is_also_the_statements_own(db: Database) -> None:
    """`limit=1` of a statement that has `$limit` is all that was asked for, and nothing is cut."""
    answer = hfmrs.query(db, "MATCH (m:Model) RETURN m.id AS id ORDER BY id LIMIT $limit", limit=1)
    assert (answer.rows, answer.truncated) == ((("x/a",),), False)
    apart = hfmrs.query(db, "MATCH (m:Model) RETURN m.id AS id ORDER BY id LIMIT $limit", {"limit": 2}, limit=1)
    assert (apart.rows, apart.truncated) == ((("x/a",),), True)


def test_a_named_statement_has_its_columns_without_rows(db: Database) -> None:
    frame = hfmrs.query(db, "analysis/ancestry", id="nobody/nothing").frame()
    assert (list(frame.columns), len(frame)) == (["child", "base", "relation", "generation"], 0)
    assert hfmrs.query(db, "analysis/ancestry", {"id": "x/a"}).rows == (("x/a", "x/b", "merge", 1),)


@pytest.mark.parametrize(
    ("error", "said", "statement", "named"),
    [
        (NotFound, "Did you mean analysis/families", "analysis/familes", {}),
        (NotFound, "Did you mean analysis/families", "family/families", {}),
        (NotFound, "Did you mean analysis/families", "families", {}),
        (BadInput, "analysis/ancestry has no parameter 'ids'. It takes: id.", "analysis/ancestry", {"ids": "x/a"}),
        (BadInput, "needs the parameter 'id'. It takes: id, k.", "MATCH (m {id: $id}) RETURN m LIMIT $k", {"k": 1}),
        (BadInput, "has no parameter 'k'. It takes: none.", "RETURN '$k' AS k", {"k": 1}),
        (BadInput, "line 1", "MATCH (m:Model RETURN m", {}),
        (BadInput, "There is no statement.", " ", {}),
        (Refused, "CREATE", "CREATE (m:Model {id: 'new'}) RETURN m", {}),
        (Refused, "", "load/models", {"rows": []}),
        (
            TimedOut,
            "longer than 0.3 s",
            "UNWIND range(1, 99999) AS a UNWIND range(1, 99999) AS b RETURN sum(a * b)",
            {},
        ),
    ],
)
def test_an_error_is_one_sentence(
    db: Database, error: type[HfmrsError], said: str, statement: str, named: dict[str, Any]
) -> None:
    with pytest.raises(error) as caught:
        hfmrs.query(db, statement, timeout=0.3 if error is TimedOut else 30, **named)
    assert said in str(caught.value)
    assert caught.value._render_traceback_() == [f"{error.__name__}: {caught.value}"]


def test_without_pandas_it_says_what_to_install(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *more: Any, **named: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *more, **named)

    answer = hfmrs.query(db, "RETURN 1 AS one")
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(BadInput, match="pip install"):
        answer.frame()
    assert answer.rows == ((1,),)


def test_whole_numbers_without_gaps_are_pandas_own(db: Database) -> None:
    frame = hfmrs.query(db, "UNWIND [1, 2] AS n RETURN n, 0.5 AS half, null AS none").frame()
    assert [str(each) for each in frame.dtypes] == ["int64", "float64", "object"]
    assert isinstance(frame, pd.DataFrame)
