"""The Cypher page: catalogue, editor, parameters as fields, and the answer in three views, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, render_template, request

from graph import guard, things
from graph.database import Table
from graph.errors import BadInput, HfmrsError, NotFound
from graph.statements import Statement, documented, parameters, statements, typed
from web import views
from web.catalogue import FOLDERS, catalogue
from web.errors import kind_of
from web.fields import Field, field
from web.links import console_address
from web.security import from_elsewhere
from web.service import service
from web.text import cell

console = APIBlueprint("console", __name__, enable_openapi=False)

_LONGEST = 6000

EXAMPLE = """MATCH (m:Model)-[:FOR_TASK]->(t:Task)
RETURN t.name AS task, count(m) AS models
ORDER BY models DESC"""

#: Where to begin, and in which view: what a link says, Cypher, parameters, view.
EXAMPLES: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("How many models are there for each task?", EXAMPLE, {}, "chart"),
    (
        "What was a model made from?",
        "MATCH path = (:Model {id: $id})-[:BASED_ON|TRAINED_ON*1..3]->()\nRETURN path",
        {"id": "sentence-transformers/all-MiniLM-L6-v2"},
        "graph",
    ),
    (
        "Which models are liked most?",
        "MATCH (m:Model)\nRETURN m, m.likes AS likes, m.downloads AS downloads\nORDER BY likes DESC LIMIT 25",
        {},
        "table",
    ),
)


class Asked(NamedTuple):
    """What the address asks: a statement, the documented one that it is (or None), and its parameters."""

    cypher: str
    statement: Statement | None
    fields: list[Field]

    def run(self) -> Table:
        """The answer. Raises `BadInput` for a field that cannot be used, and what the database says."""
        wrong = next((each.problem for each in self.fields if each.problem), None)
        if wrong:
            raise BadInput(wrong, "Fill in its field below the statement, then press Run.")
        found = service()
        values = {each.name: each.value for each in self.fields}
        settings = found.settings
        return found.db.ask(self.cypher, values, limit=settings.query_rows, timeout=settings.query_seconds)


def _asked() -> Asked:
    name = request.args.get("name", "")
    named = next((each for folder in FOLDERS for each in statements(folder) if each.name == name), None)
    if name and named is None:
        raise NotFound(f"There is no statement called {name!r}.", "Choose one from the list.")
    cypher = request.args.get("cypher", "").replace("\r\n", "\n").strip()
    if named and not cypher:
        cypher = named.text.strip()
    if len(cypher) > _LONGEST:
        raise BadInput(f"The statement is longer than {_LONGEST} characters.", "Post it to /api/v1/query.")
    statement = documented(cypher)
    declared = {param.name: param for param in (statement or typed(cypher)).params if param.type != "any"}
    fields = [field(each, declared.get(each), request.args.get(f"p_{each}")) for each in parameters(cypher)]
    return Asked(cypher, statement, fields)


@console.get("/query")
def query() -> tuple[str, int]:
    asked = _asked()
    table, problem, status = None, None, 200
    run = "cypher" in request.args and bool(asked.cypher)
    waiting = run and from_elsewhere()
    if run and not waiting:
        try:
            table = asked.run()
        except HfmrsError as error:
            problem, status = error, kind_of(error).status
    elif wrong := next((each.problem for each in asked.fields if each.problem and each.text), None):
        problem, status = BadInput(wrong, "Correct the field, then run it."), 422
    view = request.args.get("view", "table")
    view = view if view in views.VIEWS else "table"
    chart = None
    if table and view == "chart" and table.rows:
        try:
            chart = views.chart(table, request.args)
        except BadInput as error:
            problem = error
    find = request.args.get("find", "")
    page = render_template(
        "query.html",
        asked=asked,
        shown=asked.cypher or EXAMPLE,
        ran=run and not waiting,
        table=table,
        view=view,
        planned=guard.plans(asked.cypher),
        graph=views.graph(table) if table and view == "graph" else None,
        chart=chart,
        problem=problem,
        place=_place(problem, asked.cypher),
        waiting=waiting,
        settings=service().settings,
        find=find,
        query=urlencode(list(request.args.items(multi=True))),
        catalogue=[(FOLDERS[key], list(group)) for key, group in groupby(catalogue(find), lambda each: each.folder)],
        schema=service().schema(),
        things=things,
        zip=zip,
        examples=[(text, console_address(what, values) + f"&view={shown}") for text, what, values, shown in EXAMPLES],
    )
    return page, status


@console.get("/query/fields")
def fields() -> str:
    """The fields of the parameters of a statement that is being typed, with what was filled in."""
    return render_template("_fields.html", asked=_asked(), ran=False)


class Place(NamedTuple):
    """Where in a statement the engine found a mistake, from 1, and that line."""

    line: int
    column: int
    text: str


def _place(problem: HfmrsError | None, cypher: str) -> Place | None:
    found = re.search(r"line (\d+), column (\d+)", problem.message) if problem else None
    lines = cypher.split("\n")
    if found is None or not 0 < int(found[1]) <= len(lines):
        return None
    text = lines[int(found[1]) - 1]
    return Place(int(found[1]), min(int(found[2]), len(text) + 1), text)


@console.app_template_test("moment")
def is_moment(text: str) -> bool:
    """Whether a text is a date or a datetime, as answers give them."""
    return views.DATE.fullmatch(text) is not None


@console.get("/query/schema.json")
def schema_json() -> Response:
    """What the editor completes from."""
    response = Response(json.dumps(service().schema().as_json()), content_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def safe_cell(value: Any) -> str:
    """A value for a spreadsheet: text that a spreadsheet would read as a formula gets an apostrophe before it."""
    text = cell(value)
    harmless = value is None or isinstance(value, (int, float))
    return text if harmless or not text.startswith(("=", "+", "-", "@", "\t", "\r")) else "'" + text


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """RFC 4180, formula-safe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(safe_cell(column) for column in columns)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _table() -> Table:
    if from_elsewhere():
        raise BadInput("This address came from another site, so it was not run.", "Open the query page and press Run.")
    asked = _asked()
    if not asked.cypher:
        raise BadInput("There is no statement.", "Give one as ?cypher=…")
    return asked.run()


@console.get("/query.csv")
def csv_file() -> Response:
    table = _table()
    headers = {"Content-Disposition": "attachment; filename=query.csv"}
    return Response(as_csv(table.columns, table.rows), content_type="text/csv; charset=utf-8", headers=headers)


@console.get("/query.json")
def json_file() -> Response:
    table = _table()
    body = {"columns": table.columns, "rows": table.rows, "truncated": table.truncated, "notes": table.notes}
    text = json.dumps(body, ensure_ascii=False, default=str)
    headers = {"Content-Disposition": "attachment; filename=query.json"}
    return Response(text, content_type="application/json", headers=headers)
