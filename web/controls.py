"""What pages with recommendations share: how they read an address, and what their controls and lists show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from flask import request
from marshmallow import Schema

from graph import similarity
from graph.errors import NotBuilt
from graph.languages import translated
from graph.recommend import METHODS
from graph.types import Answer, Reason
from web import words
from web.queries import filters_of
from web.service import service


def methods(known: Sequence[str] = METHODS) -> list[tuple[str, str]]:
    """The algorithms to choose from and their names: networks that are not in service only where none is."""
    there = {run.method for run in service().runs() if run.run}
    offered = [each for each in known if each in there or each in similarity.METHODS] if there else known
    return [(each, words.METHODS[each]) for each in offered]


def forgiving(schema: Schema) -> dict[str, Any]:
    """The address's parameters; a page falls back to the default where one makes no sense."""
    given = {key: value for key, value in request.args.items() if value.strip()}
    wrong = schema.validate(given)
    loaded: dict[str, Any] = schema.load({key: value for key, value in given.items() if key not in wrong})
    return loaded


def choices(query: dict[str, Any]) -> dict[str, Any]:
    """What the controls above recommendations show."""
    filters = filters_of(query)
    return {
        "method": query["method"],
        "methods": methods(),
        "k": query["k"],
        "sort": query["sort"],
        "sorts": words.SORTS,
        "novelty": query["novelty"],
        "novelties": words.NOVELTIES,
        "sizes": words.SIZES,
        "switches": words.SWITCHES,
        "filters": {name: getattr(filters, name) for name in filters.__slots__},
        "filtered": filters != filters_of({}),
        "unfiltered": dict.fromkeys(filters.__slots__),
        "language": query["language"],
        "pair": {"k": query["k"], **filters.given()} | _spoken(query),
    }


def _spoken(query: dict[str, Any]) -> dict[str, str]:
    """The language for an address, where it is not the usual one."""
    return {"language": query["language"]} if query["language"] != "en" else {}


def answered(ask: Callable[[], Answer], language: str) -> dict[str, Any]:
    """The answer for the template, or the problem that stands in its place."""
    try:
        answer: Answer = translated(ask(), language)
    except NotBuilt as problem:
        return {"problem": problem, "answer": None}
    shares = [abs(reason.contribution or 0) for each in answer.recommendations for reason in shown(each.reasons)]
    return {"answer": answer, "most": max(shares, default=0.0)}


def shown(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """What a list shows of the reasons that an answer tells first."""
    return tuple(reason for reason in reasons if reason.kind != "rest")


def same_as_json(address: str, **params: Any) -> str:
    """The API's address for what a page shows."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if v and k not in params]
    return address + "?" + urlencode([*params.items(), *kept], True, quote_via=quote, safe="/")


def origins(answer: Answer | None, models: Collection[str], otherwise: str | None = None) -> dict[str, tuple[str, str]]:
    """By recommended model, the node where its reasons begin: the one of the models asked about that the first of them
    names; `otherwise`, or the recommended model itself, where they name none."""
    found = {}
    for each in answer.recommendations if answer else ():
        nodes = (key for reason in each.reasons for step in reason.path for _, key in (step.start, step.end))
        found[each.model.id] = ("Model", next((key for key in nodes if key in models), otherwise or each.model.id))
    return found
