"""What people type: a text to search for, the name of a statement, or Cypher."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graph.errors import BadInput, NotBuilt
from graph.statements import Statement, statement, statements, typed

if TYPE_CHECKING:
    from graph.database import Database, Table
    from graph.query_language import Query
    from graph.search import SearchPage
    from hfmrs.settings import Settings

#: Folders of statements that answer a question of people; the others belong to loading and publishing.
FOLDERS = ("recommend", "why", "explore", "browser", "analysis")


def find(db: Database, settings: Settings, text: str | Query, **choices: Any) -> SearchPage:
    """Models for `text`, a query; `choices` are those of `graph.search.search`.

    By words alone, where no embedder has been made yet.
    """
    from graph.search import search
    from graph.text import StaticEmbedder

    try:
        embedder = StaticEmbedder.load(settings.home / "embedder")
    except NotBuilt:
        return search(db, text, **choices)
    return search(db, text, lambda words: [float(each) for each in embedder.encode([words])[0]], **choices)


def catalogue() -> list[dict[str, Any]]:
    """Every statement that people may run by name, what it answers and its parameters."""
    return [
        {
            "name": each.name,
            "answers": each.summary,
            "parameters": ", ".join(
                f"{param.name}={json.dumps(param.default, ensure_ascii=False)}" if param.optional else param.name
                for param in each.params
            ),
        }
        for folder in FOLDERS
        for each in statements(folder)
    ]


def run(db: Database, text: str, given: Sequence[str], settings: Settings) -> Table:
    """The answer to a statement's name or to Cypher, with `given` parameters as "name=value".

    Raises `BadInput` for parameters that do not fit, `NotFound` for an unknown name, and what `Database.ask` raises.
    """
    asked = named_or_typed(text)
    values = asked.fill(parameters(given))
    return db.ask(asked.text, values, limit=settings.query_rows, timeout=settings.query_seconds)


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
    return values
