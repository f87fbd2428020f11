"""Addresses: every state of a page has one, and these build them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from flask import Flask, request, url_for
from markupsafe import Markup

from graph.kinds import LABELS
from graph.query_language import Query
from graph.score import CANDIDATES
from graph.slots import NETWORK_METHODS
from graph.statements import statement
from graph.types import Reason
from web.text import model_path, visible

#: What JSON begins with.
_JSON = (*'{["-0123456789tfnNI', " ", "\t", "\n", "\r")

#: What may stand in a query as it is.
_PLAIN = "!$'()*,/:;?@"


def address_of(**changes: object) -> str:
    """This page's address with some of its parameters changed; `None` takes one away, a list gives it several times."""
    kept: dict[str, object] = {key: [each for each in values if each] for key, values in request.args.lists()}
    kept.update({key: value if isinstance(value, list) else str(value) for key, value in changes.items()})
    query = urlencode(
        {k: v for k, v in kept.items() if k not in changes or changes[k] is not None}, True, quote_via=quote
    )
    return quote(request.path) + ("?" + query if query else "")


def search_address(query: Query, **changes: object) -> str:
    """The search page of this address with another query, from its first page."""
    fields = {"task": None, "library": None, "license": None, "page": None, "literal": None}
    return address_of(**{**fields, "q": query.text or None, **changes})


@lru_cache(maxsize=200)
def _path(endpoint: str) -> str:
    return url_for(endpoint)


@lru_cache(maxsize=500)
def _quoted(text: str) -> str:
    return quote_plus(text, _PLAIN)


def url_of(endpoint: str, **query: object) -> str:
    """The address of a page whose path has nothing to fill in: what `url_for` gives, without asking the router, since a
    list has hundreds."""
    return _path(endpoint) + "?" + urlencode(query, True, _PLAIN)


def same_for(endpoint: str, model_id: str, left_out: str = "", **more: str) -> str:
    """A page about a model, with what this address asks for. Names in an address are anybody's: `url_for` takes some of
    them for itself."""
    given = {name: value for name, value in request.args.items() if name != left_out} | more
    return url_for(endpoint, model_id=model_id) + ("?" + urlencode(given) if given else "")


def query_address(query: Query, sort: str | None = None) -> str:
    """The search page for a query."""
    return url_for("pages.search", q=query.text or None, sort=sort)


@lru_cache(maxsize=20_000)
def fact_address(label: str, key: str) -> str:
    """Where a fact's chip leads: to its page, or where its kind has none to a search for its name."""
    if label == "Model":
        return model_path(key)
    if label == "Author":
        return url_for("pages.author", name=key)
    if label.lower() in LABELS:
        return url_for("pages.kind", field=label.lower(), name=key)
    return url_for("pages.search", q=key)


@lru_cache(maxsize=20_000)
def chip(label: str, key: str, text: str | None = None) -> Markup:
    """The chip of a fact, a link to where it leads: the same ones stand on thousands of pages, a hundred on each."""
    made = '<a class="chip k-{}" href="{}" title="{}: {}"><bdi>{}</bdi></a>'
    return Markup(made).format(label.lower(), fact_address(label, key), label, visible(key), visible(text or key))


def written(value: Any) -> str:
    """A parameter's value as the console's form holds it: text as it is, unless it could be read as JSON."""
    if isinstance(value, str) and read(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def read(text: str) -> Any:
    """A parameter from the form: JSON where it is JSON (42, true, [1, 2], "42"), else text."""
    if not text.startswith(_JSON):  # nearly always
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or more brackets in brackets than can be read
        return text


def console_address(cypher: str, params: Mapping[str, Any]) -> str:
    """The console with a statement and its parameters filled in, which runs it."""
    fields = {f"p_{name}": written(value) for name, value in params.items()}
    more = "&" + urlencode(fields, safe=_PLAIN) if fields else ""
    return f"{_path('console.query')}?cypher={_quoted(cypher)}{more}"


def cypher_of(name: str, **params: Any) -> str:
    """The console with a statement of the product, by name, and parameters."""
    return console_address(statement(name).text, params)


def cypher_behind(ids: Sequence[str], method: str) -> str:
    """The console with the statement that recommendations by a method are read by."""
    name = "explore/recommended" if method in NETWORK_METHODS else "recommend/similar"
    more = {"each": CANDIDATES} if method in NETWORK_METHODS else {}
    return cypher_of(name, ids=list(ids), method=method, **more)


def reason_kind(reason: Reason) -> str:
    """The label that gives a reason its colour: that of the fact its path goes through."""
    labels = [label for step in reason.path for label, _ in (step.start, step.end) if label != "Model"]
    return labels[0] if labels else "Model"


def register(app: Flask) -> None:
    for function in (url_of, address_of, fact_address, chip, console_address, cypher_of, reason_kind):
        app.jinja_env.globals[function.__name__] = function
