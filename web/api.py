"""The JSON API under /api/v1: the same answers as the pages and the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from graph.languages import translated
from graph.search import SearchPage
from graph.statements import documented, typed
from graph.types import Answer
from web import schemas
from web.links import console_address
from web.paging import around, linked
from web.queries import (
    AuthorQuery,
    LikedBody,
    RecommendationsQuery,
    SearchQuery,
    SuggestQuery,
    WhyQuery,
    asked,
    filters_of,
)
from web.service import service

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="API")

_PROBLEMS = {
    401: "Nobody is signed in, or the key is nobody's",
    403: "A statement that would do more than read, or a change without the token of the session",
    404: "Not found",
    409: "Not built yet",
    413: "Too large",
    422: "Something in the request cannot be used",
    429: "Too many requests",
    503: "The database does not answer",
    504: "Past the time limit",
}


def problems(*statuses: int) -> dict[int | str, Any]:
    """The problems an endpoint may answer with, for `@api.doc`."""
    return {
        status: {
            "description": _PROBLEMS[status],
            "content": {"application/problem+json": {"schema": schemas.PROBLEM}},
        }
        for status in sorted({*statuses, 401, 429, 503})
    }


def json_response(body: Mapping[str, Any]) -> Response:
    """The body as JSON. Its ETag is of the graph's state (`web/access.py`)."""
    text = json.dumps(body, ensure_ascii=False, default=lambda value: value.isoformat(), separators=(",", ":"))
    return Response(text, content_type="application/json")


def answer_as_json(answer: Answer, language: str) -> dict[str, Any]:
    """An answer in a language, each reason with the address of the page that runs its statement."""
    body = translated(answer, language).as_json()
    for each in body["recommendations"]:
        for reason in each["reasons"]:
            reason["link"] = console_address(reason["cypher"], reason["params"]) if reason["cypher"] else ""
    return body


def _told(answer: Answer, language: str) -> Response:
    return json_response(answer_as_json(answer, language))


@api.get("/search")
@api.input(SearchQuery, location="query", arg_name="query")
@api.output(schemas.SearchOut, example=schemas.SEARCH)
@api.doc(
    operation_id="search",
    summary="Find models by words, meaning and filters",
    description="The query language is told in docs/search.md; a query that cannot be read is a 422 that says why.",
    responses=problems(422),
)
def search(query: dict[str, Any]) -> Response:
    page, limit = query.pop("page"), query.pop("limit")
    found = service().search(asked(query), **query, limit=limit, offset=(page - 1) * limit)
    links = around(page, found.more)
    body = json_response(
        {
            **links,
            "query": found.query.text,
            "corrected": found.corrected,
            "notes": [*found.notes, *([found.fallback] if found.fallback else [])],
            "total": found.total,
            "total_is_lower_bound": found.total_is_lower_bound,
            "more": found.more,
            "models": [{**asdict(card), "forms": _forms(found, card.id)} for card in found.cards],
            "facets": {name: [asdict(each) for each in values] for name, values in found.facets.items()},
            "alternatives": [
                {"query": each.query.text, "field": each.field, "value": each.value, "count": each.count}
                for each in found.alternatives
            ],
        }
    )
    return linked(body, links)


def _forms(found: SearchPage, id: str) -> tuple[str, ...]:
    return found.forms[id].ids if id in found.forms else ()


@api.get("/suggestions")
@api.input(SuggestQuery, location="query", arg_name="query")
@api.output(schemas.SuggestionsOut, example=schemas.SUGGESTIONS)
@api.doc(
    operation_id="suggestions",
    summary="What somebody may be typing: values of fields, and models by the beginning of their name",
    responses=problems(422),
)
def suggestions(query: dict[str, Any]) -> Response:
    return json_response({"suggestions": [asdict(each) for each in service().suggest(query["q"])]})


@api.get("/models/<path:model_id>")
@api.output(schemas.ModelOut, example=schemas.MODEL)
@api.doc(
    operation_id="model",
    summary="The facts of one model",
    description="An old id of a renamed model finds it too; the answer's id is the one it has now.",
    responses=problems(404),
)
def model(model_id: str) -> Response:
    found = service()
    facts = found.facts(found.resolve(model_id))
    return json_response(
        {
            **asdict(facts.card),
            "description": facts.description,
            "gated": facts.gated,
            "model_type": facts.model_type,
            "likely_task": facts.likely_task,
            "facts": {
                "Tag": facts.tags,
                "Language": facts.languages,
                "Architecture": facts.architectures,
                "Dataset": facts.datasets,
                "Paper": facts.papers,
            },
            "bases": [{"id": card.id, "relation": how, "inferred": inferred} for card, how, inferred in facts.bases],
            "children": [{"id": card.id, "relation": card.relation} for card in facts.children],
            "children_total": facts.children_total,
            "aliases": facts.aliases,
        }
    )


@api.get("/recommendations")
@api.input(RecommendationsQuery, location="query", arg_name="query")
@api.output(schemas.AnswerOut, example=schemas.ANSWER)
@api.doc(
    operation_id="recommendations",
    summary="Models to use beside or instead of one or several, and why",
    description="The contributions of a recommendation's reasons, the last of kind rest, add up to its score.",
    responses=problems(404, 409, 422),
)
def recommendations(query: dict[str, Any]) -> Response:
    found = service()
    method = query.get("method") or found.method()
    ids = tuple(found.resolve(each) for each in dict.fromkeys(query["id"]))
    filters = filters_of(query)
    answer = found.recommend(ids, method, query["k"], query["sort"], filters, query["reasons"], query["novelty"])
    return _told(answer, query["language"])


@api.post("/recommendations")
@api.input(LikedBody, location="json", arg_name="body", example=schemas.LIKED)
@api.output(schemas.AnswerOut, example=schemas.FOR_LIKED)
@api.doc(
    operation_id="recommendations_for_liked",
    summary="Models for somebody who liked, built or viewed some, and why",
    description="Each reason names the liked model that it comes from. Nothing is stored of the person.",
    responses=problems(404, 409, 413, 422) | {400: problems(422)[422], 415: problems(422)[422]},
)
def recommendations_for_liked(body: dict[str, Any]) -> Response:
    found = service()
    method = body.get("method") or found.method()
    filters = filters_of(body)
    answer = found.recommend_for_liked(
        body["liked"], method, body["k"], body["reasons"], body["novelty"], sort=body["sort"], filters=filters
    )
    return _told(answer, body["language"])


@api.get("/authors/<name>/recommendations")
@api.input(AuthorQuery, location="query", arg_name="query")
@api.output(schemas.AnswerOut, example=schemas.ANSWER)
@api.doc(
    operation_id="author_recommendations",
    summary="What an author could build on next, and why",
    responses=problems(404, 409, 422),
)
def author_recommendations(name: str, query: dict[str, Any]) -> Response:
    found = service()
    filters = filters_of(query)
    answer = found.recommend_for_author(name, query.get("method"), query["k"], query["sort"], filters, query["novelty"])
    return _told(answer, query["language"])


@api.get("/why")
@api.input(WhyQuery, location="query", arg_name="query")
@api.output(schemas.AnswerOut, example=schemas.WHY)
@api.doc(
    operation_id="why",
    summary="Every reason for one pair of models, and where the second stands for the first",
    description="Recommended, without which facts it would not be; if not, why not.",
    responses=problems(404, 409, 422),
)
def why(query: dict[str, Any]) -> Response:
    found = service()
    method = query.get("method") or found.method()
    return _told(found.why(query["a"], query["b"], method, query["k"], filters_of(query)), query["language"])


@api.post("/query")
@api.input(schemas.QueryIn, location="json", arg_name="body", example=schemas.QUERY)
@api.output(schemas.TableOut, example=schemas.TABLE)
@api.doc(
    operation_id="query",
    summary="Run a Cypher statement that only reads",
    description=(
        "With a time limit and a row limit; `truncated` says that there are more rows. A text for a parameter that is "
        "a date in a statement of the catalogue, or that is compared with a date such as `m.createdAt`, is read as ISO "
        "8601. `notes` tell what the statement names and the graph does not have. After EXPLAIN or PROFILE the rows "
        "are the lines of the plan."
    ),
    responses=problems(403, 413, 422, 504) | {400: problems(422)[422], 415: problems(422)[422]},
)
def query(body: dict[str, Any]) -> Response:
    found = service()
    limit = min(body.get("limit", found.settings.query_rows), found.settings.query_rows)
    asked = documented(body["cypher"]) or typed(body["cypher"])
    types = {param.name: param for param in asked.params}
    params = {name: types[name].value(given) if name in types else given for name, given in body["params"].items()}
    table = found.db.ask(body["cypher"], params, limit=limit, timeout=found.settings.query_seconds)
    return json_response(
        {
            "columns": table.columns,
            "rows": table.rows,
            "truncated": table.truncated,
            "milliseconds": round(table.milliseconds, 1),
            "notes": table.notes,
        }
    )


@api.get("/methods")
@api.output(schemas.MethodsOut, example=schemas.METHODS)
@api.doc(
    operation_id="methods", summary="The algorithms in service, their runs and how good they are", responses=problems()
)
def methods() -> Response:
    return json_response({"methods": [run._asdict() for run in service().runs()]})


@api.get("/report")
@api.output(schemas.ReportOut, example=schemas.REPORT)
@api.doc(
    operation_id="report",
    summary="The graph as a whole: counts, use, growth, lineage, clusters",
    description="One table a section, as the last build counted it.",
    responses=problems(409),
)
def report() -> Response:
    return json_response({"sections": [section.as_json() for section in service().report()]})


@api.get("/health")
@api.output(schemas.HealthOut, example={"status": "ok", "models": 672})
@api.doc(operation_id="health", summary="Whether the database answers", responses=problems())
def health() -> Response:
    return json_response({"status": "ok", "models": service().counts().get("Model", 0)})
