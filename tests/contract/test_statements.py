"""Every shared statement runs on both engines, and its header tells the truth."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

from graph.database import Database
from graph.errors import BadInput, NotFound
from graph.statements import Statement, parse, statement, statements

SAMPLES = {"string": "x", "integer": 3, "float": 0.5, "boolean": True, "list": [], "map": {}, "datetime": None}

_OPAQUE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|//[^\n]*""")


@pytest.mark.parametrize("each", statements(), ids=lambda each: each.name)
def test_header_names_exactly_the_parameters(each: Statement) -> None:
    used = set(re.findall(r"\$(\w+)", _OPAQUE.sub("", each.text))) | set(re.findall(r"\$\(\$(\w+)\)", each.text))
    assert {param.name for param in each.params} == used
    assert each.summary.endswith((".", "?"))


@pytest.mark.parametrize("each", statements(), ids=lambda each: each.name)
def test_both_engines_run_it_and_answer_with_its_columns(module_any_db: Database, each: Statement) -> None:
    """Run for real, in a transaction that is rolled back: the embedded engine's EXPLAIN looks at too little."""
    db = module_any_db
    params = each.fill({param.name: SAMPLES[param.type] for param in each.params if param.default is None})
    if "vector" in params:  # it has to fit the index
        params["vector"] = [0.5] * (64 if "index" in params else 256)
    with db.driver.session(database=db.name) as session, session.begin_transaction() as tx:
        columns = tx.run(each.text, params).keys()
        tx.rollback()
    if columns or db.engine.name == "neo4j":  # the embedded engine names no columns where there are no rows
        assert set(columns) == {column.name for column in each.returns}


@pytest.mark.parametrize("each", statements(), ids=lambda each: each.name)
def test_no_relationship_type_is_a_parameter(each: Statement) -> None:
    """The embedded engine ignores such a type and matches every relationship."""
    assert not re.search(r"\[\w*:\s*\$", each.text)


def test_defaults_fill_what_is_not_given() -> None:
    each = parse("x", "// What?\n// params:\n//   id: string - the id\n//   k: integer = 20 - how many\nRETURN $id, $k")
    assert each.fill({"id": "a"}) == {"id": "a", "k": 20}
    with pytest.raises(BadInput, match="needs the parameter 'id'"):
        each.fill({})
    with pytest.raises(BadInput, match="no parameter 'z'"):
        each.fill({"id": "a", "z": 1})


def test_a_text_for_a_datetime_is_read() -> None:
    each = parse("x", '// What?\n// params:\n//   since: datetime = "2024-01-31" - when\nRETURN $since')
    moment = datetime(2024, 1, 31, tzinfo=timezone.utc)
    for given in ({}, {"since": "2024-01-31T01:00:00+01:00"}, {"since": "2024-01-31T00:00:00Z"}, {"since": moment}):
        assert each.fill(given) == {"since": moment}
    with pytest.raises(BadInput, match="since is no date: 'soon'"):
        each.fill({"since": "soon"})


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("// What?\n// params:\n//   id string\nRETURN 1", "line 3"),
        ("// What?\n// params:\n//   id: strang\nRETURN 1", "line 3"),
        ("// What?\n// params:\n//   id: string = x - y\nRETURN 1", "not JSON"),
        ("// What?", "lacks"),
        ("RETURN 1", "lacks"),
        ("// What?\nRETURN 1\n// more\nRETURN 2", "below its header"),
    ],
)
def test_wrong_headers_are_told(source: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        parse("x", source)


def test_unknown_statements_are_told() -> None:
    for name in ("nothing/here", "../graph/x", "schema"):
        with pytest.raises(NotFound, match="no statement"):
            statement(name)
