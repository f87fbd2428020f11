"""Parameters as fields, the catalogue's search, and the views of an answer, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import pytest

from graph.database import Table
from graph.errors import BadInput
from graph.statements import Param, documented, statement
from web import views
from web.catalogue import catalogue
from web.fields import field

DAY = datetime(2024, 1, 31, tzinfo=timezone.utc)


def param(type: str, default: Any = None, optional: bool = True) -> Param:
    return Param("x", type, "about", optional, default)


@pytest.mark.parametrize(
    ("declared", "given", "value", "control", "text"),
    [
        (param("integer", 20), None, 20, "number", "20"),
        (param("integer", 20), " 7 ", 7, "number", "7"),
        (param("integer", 20), "", 20, "number", "20"),
        (param("float", 0.5), "1e3", 1000.0, "number", "1000.0"),
        (param("boolean", False), "true", True, "choice", "true"),
        (param("datetime", "2024-07-01T00:00:00+00:00"), "2024-01-31", DAY, "date", "2024-01-31"),
        (param("datetime"), "2024-01-31T00:00:00Z", DAY, "date", "2024-01-31"),
        (param("datetime"), "2024-01-31T12:30:00", DAY.replace(hour=12, minute=30), "datetime-local", None),
        (param("datetime"), None, None, "date", ""),
        (param("list", ["mit"]), "mit\r\napache-2.0\n\n", ["mit", "apache-2.0"], "lines", "mit\napache-2.0"),
        (param("list", ["mit"]), '["mit", "gpl"]', ["mit", "gpl"], "lines", "mit\ngpl"),
        (param("list", [0.5]), "[1, 2]", [1, 2], "json", "[1, 2]"),
        (param("map", {"a": 1}), None, {"a": 1}, "json", '{"a": 1}'),
        (param("string", "x"), "42", "42", "text", "42"),
        (param("string", "x"), '"42"', "42", "text", "42"),  # as links write it
        (param("string"), "null", None, "text", ""),
        (param("string", optional=False), "", "", "text", ""),
        (None, "42", 42, "text", "42"),
        (None, "org/name", "org/name", "text", "org/name"),
    ],
)
def test_a_field_stands_for_a_value_of_its_type(
    declared: Param | None, given: str | None, value: Any, control: str, text: str | None
) -> None:
    found = field("x", declared, given)
    assert (found.value, found.problem) == (value, "")
    assert type(found.value) is type(value)
    assert found.control == control
    assert text is None or found.text == text


@pytest.mark.parametrize(
    ("declared", "given", "problem"),
    [
        (param("integer", 1), "1.5", "$x takes a whole number, not '1.5'."),
        (param("float", 1), "nan", "$x takes a number, not 'nan'."),
        (param("boolean", True), "maybe", "$x takes true or false, not 'maybe'."),
        (param("datetime"), "soon", "$x is no date: 'soon'."),
        (param("list", []), "[1", "$x takes a list, not '[1'."),
        (param("map", {}), "[1]", "$x takes a map as JSON, not '[1]'."),
        (param("list", optional=False), None, "$x has no value yet."),
        (None, None, "$x has no value yet."),
    ],
)
def test_a_field_that_cannot_be_used_says_which_and_keeps_its_text(
    declared: Param | None, given: str | None, problem: str
) -> None:
    found = field("x", declared, given)
    assert found.problem == problem
    assert found.text == (given or "")


def test_a_default_is_told_where_the_field_says_something_else() -> None:
    assert field("x", param("integer", 20), "7").default == "20"
    assert field("x", param("integer", 20), "20").default == ""


def test_a_documented_statement_is_known_with_its_header_and_a_semicolon() -> None:
    each = statement("analysis/rising_bases")
    header = "// Mine\n// params:\n"
    assert documented(header + each.text.replace("\n", "  \r\n") + " ;\n") == each
    assert documented(each.text + " + 1") is None


def test_the_catalogue_finds_by_words_of_name_question_and_topic() -> None:
    everything = catalogue()
    assert len({group.topic for group in everything}) >= 10
    names = [each.name for group in everything for each in group.statements]
    assert len(names) == len(set(names)) >= 90
    for words, name in (
        ("LICENCE merges", "analysis/licence_mixes"),
        ("rising bases", "analysis/rising_bases"),
        ("rising_bases", "analysis/rising_bases"),
        ("orphaned", "analysis/orphans"),
    ):
        found = [each.name for group in catalogue(words) for each in group.statements]
        assert name in found
        assert len(found) < 12
    assert catalogue("no such words") == []
    assert catalogue("license") == catalogue("Licence") != []


def table(columns: str, *rows: Sequence[Any]) -> Table:
    return Table(tuple(columns.split()), tuple(tuple(row) for row in rows), False, 1.0)


def test_words_and_numbers_make_bars() -> None:
    chart = views.chart(table("task models share", ["a", 4, 0.5], ["b", -2, 0.25], ["c", None, None]), {})
    assert (chart.kind, chart.x, chart.y) == ("bars", "task", "models")
    assert [(bar.name, bar.length, bar.minus) for bar in chart.bars] == [("a", 100.0, False), ("b", 50.0, True)]
    assert chart.note == "Models by task. Left out: 1 row without a value."
    points = views.chart(table("x y", [1, 2], [None, 3], [4, None], [5, 6]), {})
    assert "Left out: 2 rows without a value." in points.note
    other = views.chart(table("task models share", ["a", 4, 0.5]), {"y": "share", "chart": "nonsense", "x": "no"})
    assert (other.kind, other.x, other.y) == ("bars", "task", "share")


def test_dates_and_numbers_make_a_line_in_their_order() -> None:
    chart = views.chart(table("month models", ["2024-03", 1], ["2024-01", 3], ["2024-02", 2]), {})
    assert chart.kind == "line"
    assert chart.wide is not None
    assert [title for _, _, title in chart.wide.marks] == ["2024-01: 3", "2024-02: 2", "2024-03: 1"]
    moments = table("at models", ["2024-03-01T10:00:00Z", 1], ["2024-01-01T00:00:00Z", 3])
    assert views.chart(moments, {}).kind == "line"
    assert views.chart(table("month models", ["2024-03", 1], ["2024-03", 3]), {}).kind == "bars"
    assert views.chart(table("base models first", ["a", 1, "2024-03"], ["b", 3, "2024-04"]), {}).kind == "bars"


def test_two_columns_of_numbers_make_points_within_the_axes() -> None:
    rows = [[-5.0, 10], [0.0, 3_000_000], [2.5, 7]]
    chart = views.chart(table("x y", *rows), {})
    assert chart.kind == "scatter"
    for plot in (chart.wide, chart.narrow):
        assert plot is not None
        assert len(plot.marks) == 3
        for x, y, _ in plot.marks:
            assert plot.left <= x <= plot.width
            assert 0 <= y <= plot.floor
        assert plot.across[0].text == "-5"
    same = views.chart(table("x y", [1, 1], [1, 1]), {"chart": "scatter"})
    assert same.wide is not None


def test_an_answer_without_numbers_says_what_a_chart_needs() -> None:
    with pytest.raises(BadInput, match="needs a column of numbers"):
        views.chart(table("id ok", ["a", True], ["b", None]), {})


def test_nodes_and_paths_are_laid_out_once_each() -> None:
    one, other = ({"id": i, "labels": ["Model"], "properties": {"id": f"org/{i}"}} for i in "ab")
    link = {"id": "l", "type": "BASED_ON", "start": "a", "end": "b", "properties": {}}
    path = {"nodes": [one, other], "relationships": [link]}
    graph = views.graph(table("path node", [path, one], [path, None]))
    assert graph is not None
    assert graph.names == [("Model", "org/a"), ("Model", "org/b")]
    assert (graph.links, len(graph.picture.arrows)) == (1, 1)
    assert views.graph(table("id", ["org/a"])) is None
