"""Errors as pages and as problem+json, each with the next thing to do and none with internals."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import NamedTuple

from apiflask import HTTPError
from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from graph import errors
from graph.models import UnknownModel
from graph.query_language import Query
from web.account import SignedOut, WrongKey
from web.service import service

_log = logging.getLogger("hfmrs.web")


class Kind(NamedTuple):
    status: int
    title: str


KINDS: dict[type[errors.HfmrsError], Kind] = {
    SignedOut: Kind(401, "Sign in first"),
    WrongKey: Kind(401, "That key opens nothing"),
    errors.NotFound: Kind(404, "Not found"),
    errors.NotBuilt: Kind(409, "Not built yet"),
    errors.BadInput: Kind(422, "That cannot be used"),
    errors.DatabaseUnavailable: Kind(503, "The database does not answer"),
    errors.Refused: Kind(403, "This only reads"),
    errors.TimedOut: Kind(504, "That took too long"),
}
_HTTP = {
    404: ("Not found", "There is no such page.", "Look for a model with the search above."),
    405: ("Not like this", "This address does not take such a request.", ""),
    413: ("Too large", "The request is larger than is accepted.", ""),
    415: ("Not JSON", "The body is not JSON.", "Send it with Content-Type: application/json."),
    429: ("Too many requests", "You have asked more often than is allowed.", "Wait a minute, then try again."),
    500: (
        "Something broke",
        "It is our fault and has been logged.",
        "Try again; if it stays, look at the server's log.",
    ),
}


def kind_of(error: errors.HfmrsError) -> Kind:
    """The status and title of an error."""
    return next((kind for cls, kind in KINDS.items() if isinstance(error, cls)), Kind(500, "Something broke"))


def _answer(
    status: int,
    title: str,
    detail: str,
    hint: str = "",
    headers: dict[str, str] | None = None,
    fields: object = None,
    suggestions: Sequence[str] = (),
) -> Response:
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if hint:
            problem["hint"] = hint
        if fields:
            problem["errors"] = fields
        response = Response(json.dumps(problem, ensure_ascii=False), content_type="application/problem+json")
    else:
        response = Response(
            render_template("error.html", status=status, title=title, detail=detail, hint=hint, suggestions=suggestions)
        )
    response.status_code = status
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def _suggestions(error: errors.HfmrsError) -> Sequence[str]:
    """Models whose names look like the one asked for, else those that its words describe."""
    if not isinstance(error, UnknownModel):
        return ()
    if error.suggestions or not request.path.startswith("/model/"):
        return error.suggestions
    wanted = request.path.rsplit("/", 1)[-1].strip()
    try:
        return [card.id for card in service().search(Query((wanted,)), limit=5).cards] if wanted else ()
    except errors.HfmrsError:
        return ()


def register(app: Flask) -> None:
    @app.errorhandler(errors.HfmrsError)
    def known(error: errors.HfmrsError) -> Response:
        kind = kind_of(error)
        if kind.status >= 500:
            _log.warning("%s %s: %s", request.method, request.path, error)
        headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, WrongKey) else None
        return _answer(kind.status, kind.title, error.message, error.hint, headers, suggestions=_suggestions(error))

    @app.errorhandler(HTTPError)
    def invalid(error: HTTPError) -> Response:
        first = "; ".join(_sentences(error.detail)) if error.detail else error.message or ""
        return _answer(error.status_code, KINDS[errors.BadInput].title, first, fields=error.detail or None)

    @app.errorhandler(CSRFError)
    def forged(_: CSRFError) -> Response:
        detail, hint = (
            "This came from no page of yours, or from one that is too old.",
            "Load the page again, then repeat.",
        )
        if request.path.startswith("/api/"):
            detail, hint = "The token is missing or wrong.", "Send csrf_token of /api/v1/me as the header X-CSRFToken."
        return _answer(403, "Not sent from here", detail, hint)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.code and error.code < 400:
            return Response(status=error.code, headers=dict(error.get_headers()))
        status = error.code or 500
        title, detail, hint = _HTTP.get(status, (error.name, error.name + ".", ""))
        if request.path.startswith("/api/") and status == 404:
            hint = f"The endpoints are listed at {request.url_root}api/docs."
        headers = {k: v for k, v in error.get_headers() if k.lower() not in {"content-type", "content-length"}}
        return _answer(status, title, detail, hint, headers)

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        if current_app.testing or current_app.debug:
            raise error
        _log.exception("%s %s", request.method, request.path)
        return _answer(500, *_HTTP[500])


def _sentences(detail: object, path: str = "") -> list[str]:
    """{"query": {"k": ["Too big."]}} → ["k: Too big."]"""
    if isinstance(detail, dict):
        return [
            text
            for key, inner in detail.items()
            for text in _sentences(inner, str(key) if path or key not in {"query", "json"} else "")
        ]
    texts = detail if isinstance(detail, list) else [detail]
    return [f"{path}: {text}" if path else str(text) for text in texts]
