"""The JSON API of what is around a model: its family, what is similar by each method, how some compare."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from graph.comparing import check
from graph.family import lines
from web import around_schemas as schemas
from web import comparing
from web.api import json_response, problems
from web.around import in_columns, side_by_side
from web.paging import around, linked
from web.queries import CompareQuery, FamilyQuery, SideBySideQuery, filters_of
from web.service import service

around_api = APIBlueprint("around_api", __name__, url_prefix="/api/v1", tag="API")


@around_api.get("/family")
@around_api.input(FamilyQuery, location="query", arg_name="query")
@around_api.output(schemas.FamilyOut, example=schemas.FAMILY)
@around_api.doc(
    operation_id="family",
    summary="What a model was made from, up to the roots, and what was made from it, by kind",
    description="`kinds` is null where nobody has counted yet: of a model with many children hfmrs build does.",
    responses=problems(404, 422),
)
def family(query: dict[str, Any]) -> Response:
    found = service()
    id, kind, page, limit = found.resolve(query["id"]), query.get("kind"), query["page"], query["limit"]
    facts = found.facts(id)
    children = found.children(id, kind, (page - 1) * limit, limit + 1)
    links = around(page, len(children) > limit)
    body = json_response(
        {
            **links,
            "id": id,
            "ancestry": [
                {
                    "id": child,
                    "base": base.card.id,
                    "relation": base.relation,
                    "inferred": base.inferred,
                    "generation": generation,
                }
                for child, base, generation in lines(id, found.ancestry(id))
            ],
            "unresolved_bases": facts.unresolved_bases,
            "children_total": facts.children_total,
            "kinds": facts.kinds,
            "children": [{**asdict(each.card), "built_on": each.built_on} for each in children[:limit]],
            "page": page,
            "more": len(children) > limit,
        }
    )
    return linked(body, links)


@around_api.get("/side-by-side")
@around_api.input(SideBySideQuery, location="query", arg_name="query")
@around_api.output(schemas.SideBySideOut, example=schemas.SIDE_BY_SIDE)
@around_api.doc(
    operation_id="side_by_side",
    summary="What each method finds for a model",
    description="`in` says by how many methods a model is found, itself or as another form of it.",
    responses=problems(404, 422),
)
def by_method(query: dict[str, Any]) -> Response:
    id = service().resolve(query["id"])
    columns = side_by_side(id, query["k"], filters_of(query))
    counts = in_columns([each["answer"] for each in columns.values()])
    return json_response(
        {
            "id": id,
            "methods": [
                {
                    "method": method,
                    "run": column["answer"].run if column["answer"] else None,
                    "problem": None if column["answer"] else column["problem"].message,
                    "shortage": column["answer"].shortage if column["answer"] else None,
                    "models": [
                        {"id": each.model.id, "rank": each.rank, "score": each.score, "in": counts[each.model.id]}
                        for each in (column["answer"].recommendations if column["answer"] else ())
                    ],
                }
                for method, column in columns.items()
            ],
        }
    )


@around_api.get("/compare")
@around_api.input(CompareQuery, location="query", arg_name="query")
@around_api.output(schemas.CompareOut, example=schemas.COMPARE)
@around_api.doc(
    operation_id="compare",
    summary="Two to four models side by side, how they are related, and what recommends one for another",
    description="`places` tell where each stands among what is recommended for the other.",
    responses=problems(404, 422),
)
def compare(query: dict[str, Any]) -> Response:
    found, typed = service(), comparing.given()
    check(typed)
    method = query.get("method") or found.method()
    ids = [found.resolve(each) for each in typed]
    return json_response(comparing.as_json(comparing.compared(ids, method, query["k"], query["language"]), method))
