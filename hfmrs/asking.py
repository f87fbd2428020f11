"""What people type: a text to search for, the name of a statement, or Cypher."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graph.errors import BadInput, NotBuilt
from graph.statements import Statement, statement, statements, typed
from graph.topics import TOPICS

if TYPE_CHECKING:
    from graph.database import Database, Table
    from graph.query_language import Query
    from graph.search import SearchPage
    from hfmrs.settings import Settings

#: Folders of statements that the product itself asks; the others belong to loading and publishing.
FOLDERS = ("explore", "recommend", "why")

#: Values of parameters by their type, as a shell takes them.
_EXAMPLES = {"datetime": "2024-01-31", "string": "text", "list": "'[0.5, 1]'", "map": """'{"a": 1}'""", "any": "VALUE"}


def find(db: Database, settings: Settings, text: str | Query, **choices: Any) -> SearchPage:
    """Models for `text`, a query; `choices` are those of `graph.search.search`.

    By words alone, where no embedder has been made yet.
    """
    from graph.known import Known
    from graph.search import search
    from graph.text import StaticEmbedder

    known = Known(db, settings.home)
    try:
        embedder = StaticEmbedder.load(settings.home / "embedder")
    except NotBuilt:
        return search(db, text, known=known, **choices)
    return search(db, text, embedder.vector, known=known, **choices)


def catalogue(all: bool = False) -> list[dict[str, Any]]:
    """The statements that people may run by name, what they answer and their parameters: the analysts' library by kind
    of question, then what draws; with `all` also what the product itself asks."""
    found = [(kind, statement(f"analysis/{name}")) for kind, names in TOPICS.items() for name in names]
    found += (("Graphs", each) for each in statements("browser"))
    found += (("The product itself", each) for folder in FOLDERS if all for each in statements(folder))
    return [
        {
            "kind": kind,
            "name": each.name,
            "answers": each.summary,
            "parameters": ", ".join(
                f"{param.name}={json.dumps(param.default, ensure_ascii=False)}" if param.optional else param.name
                for param in each.params
            ),
        }
        for kind, each in found
    ]


def run(db: Database, text: str, given: Sequence[str], settings: Settings) -> Table:
    """The answer to a statement's name or to Cypher, with `given` parameters as "name=value".

    Raises `BadInput` for parameters that do not fit, `NotFound` for an unknown name, and what `Database.ask` raises.
    """
    asked = named_or_typed(text)
    values = parameters(given)
    unknown = values.keys() - {each.name for each in asked.params}
    if not unknown and (missing := asked.missing(values)):
        first = missing[0]
        kind = "" if first.type == "any" else f", a {first.type}"
        example = " ".join(f"-p {each.name}={_EXAMPLES.get(each.type, 1)}" for each in missing)
        raise BadInput(f"{asked.name} needs the parameter {first.name!r}{kind}.", f"Give it, such as: {example}")
    values = asked.fill(values)
    table = db.ask(asked.text, values, limit=settings.query_rows, timeout=settings.query_seconds)
    return replace(table, columns=columns(asked, table))


def columns(asked: Statement, table: Table) -> tuple[str, ...]:
    """The embedded engine names no columns where there are no rows; a statement's header does."""
    return table.columns or tuple(column.name for column in asked.returns)


def named_or_typed(text: str) -> Statement:
    """The statement of that name, or the Cypher itself as one. Raises `NotFound` for an unknown name."""
    return statement(text) if re.fullmatch(r"[\w/.-]+", text) else typed(text)


def parameters(given: Sequence[str]) -> dict[str, Any]:
    """Parameters from "name=value" texts; a value is JSON where it is JSON, else text. Raises `BadInput`."""
    values = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.isidentifier():
            raise BadInput(f"The parameter {each!r} is not NAME=VALUE.", "Such as: -p k=20")
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
        except RecursionError:
            problem = f"The parameter {name} has more brackets in brackets than can be read."
            raise BadInput(problem, "Give what is inside by itself.") from None
    return values
