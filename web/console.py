"""The query page: read-only Cypher with its parameters as fields, and the result as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, render_template, request, url_for

from graph.database import Table
from graph.errors import BadInput, HfmrsError, NotFound
from graph.statements import Param, Statement, parameters, statements
from web.errors import kind_of
from web.links import read, written
from web.security import from_elsewhere
from web.service import service
from web.text import cell

console = APIBlueprint("console", __name__, enable_openapi=False)

#: The folders of the catalogue; the others hold what the product itself needs.
FOLDERS = ("analysis", "explore", "recommend", "why")
_LONGEST = 6000


class Field(NamedTuple):
    name: str
    type: str
    value: str
    about: str


def _value(text: str, declared: Param | None) -> Any:
    """A field's text as the parameter it stands for; a declared string stays text."""
    if declared is None:
        return read(text)
    return declared.value(text if declared.type == "string" else read(text))


def _asked() -> tuple[str, Statement | None, list[Field], dict[str, Any]]:
    """The statement of the address, the documented one it is (or None), its fields, its parameters."""
    catalogue = {each.name: each for folder in FOLDERS for each in statements(folder)}
    name = request.args.get("name", "")
    if name and name not in catalogue:
        raise NotFound(f"There is no statement called {name!r}.", "Choose one from the list.")
    cypher = request.args.get("cypher", "").replace("\r\n", "\n").strip()
    if name and not cypher:
        cypher = catalogue[name].text.strip()
    if len(cypher) > _LONGEST:
        raise BadInput(f"The statement is longer than {_LONGEST} characters.", "Post it to /api/v1/query.")
    statement = next((each for each in catalogue.values() if each.text.strip() == cypher), None)
    known = {param.name: param for param in statement.params} if statement else {}
    fields, values = [], {}
    for each in parameters(cypher):
        param = known.get(each)
        default = written(param.default) if param and param.default is not None else ""
        text = request.args.get(f"p_{each}", default)
        fields.append(Field(each, param.type if param else "", text, param.text if param else ""))
        values[each] = _value(text, param)
    return cypher, statement, fields, values


def _run(cypher: str, values: Mapping[str, Any]) -> Table:
    found = service()
    return found.db.ask(cypher, values, limit=found.settings.query_rows, timeout=found.settings.query_seconds)


@console.get("/query")
def query() -> tuple[str, int]:
    settings = service().settings
    cypher, statement, fields, values = _asked()
    table, problem, status = None, None, 200
    run = "cypher" in request.args and bool(cypher)
    waiting = run and from_elsewhere()
    if run and not waiting:
        try:
            table = _run(cypher, values)
        except HfmrsError as error:
            problem, status = error, kind_of(error).status
    catalogue = [each for folder in FOLDERS for each in statements(folder)]

    def address_of_download(ending: str) -> str:
        return url_for(f"console.{ending}_file") + "?" + urlencode(list(request.args.items(multi=True)))

    page = render_template(
        "query.html",
        cypher=cypher or EXAMPLE,
        statement=statement,
        params=fields,
        table=table,
        problem=problem,
        waiting=waiting,
        rows=settings.query_rows,
        seconds=settings.query_seconds,
        catalogue=[(key, list(group)) for key, group in groupby(catalogue, lambda each: each.name.split("/")[0])],
        address_of_download=address_of_download,
    )
    return page, status


EXAMPLE = """MATCH (m:Model)-[:FOR_TASK]->(t:Task)
RETURN t.name AS task, count(m) AS models
ORDER BY models DESC"""


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
    cypher, _, _, values = _asked()
    if not cypher:
        raise BadInput("There is no statement.", "Give one as ?cypher=…")
    return _run(cypher, values)


@console.get("/query.csv")
def csv_file() -> Response:
    table = _table()
    headers = {"Content-Disposition": "attachment; filename=query.csv"}
    return Response(as_csv(table.columns, table.rows), content_type="text/csv; charset=utf-8", headers=headers)


@console.get("/query.json")
def json_file() -> Response:
    table = _table()
    body = {"columns": table.columns, "rows": table.rows, "truncated": table.truncated}
    text = json.dumps(body, ensure_ascii=False, default=str)
    headers = {"Content-Disposition": "attachment; filename=query.json"}
    return Response(text, content_type="application/json", headers=headers)
