"""The pages about what is around a model: its family, what is similar by each method, what goes with several, how some
compare, and its badge."""

from __future__ import annotations

from collections import Counter
from typing import Any

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from graph.filters import Filters
from graph.types import Answer
from web import badge as badges
from web import comparing, keeping, words
from web.controls import answered, choices, forgiving, methods, origins, same_as_json
from web.links import address_of, cypher_behind, same_for
from web.pages import model as model_page
from web.queries import FamilyQuery, ModelQuery, SideBySideQuery, filters_of
from web.service import service

around = APIBlueprint("around", __name__, enable_openapi=False)
keeping.register(around)

#: How many children are opened at once in a tree, and on the page; and of how many models together it can be asked.
_OPENED, _PAGE = 20, 50
TOGETHER = 10


@around.app_context_processor
def vocabulary() -> dict[str, Any]:
    return {"child_kinds": words.CHILDREN, "most_together": TOGETHER}


def _elsewhere(model_id: str, part: str, endpoint: str) -> str | BaseResponse | None:
    """What is answered in place of a part of a model's page: a model that is called so (who/family is a page of who and
    may be a model), or the way to the model's present name; None where the part is what was meant."""
    if "/" not in model_id and service().present([f"{model_id}/{part}"]):
        return model_page(f"{model_id}/{part}")
    known = service().resolve(model_id)
    return redirect(same_for(endpoint, known)) if known != model_id else None


@around.get("/model/<path:model_id>/family")
def family(model_id: str) -> str | BaseResponse:
    """The whole family; for a tree in another page the part of it that was opened there, `at` an element."""
    instead = _elsewhere(model_id, "family", "around.family")
    if instead is not None:
        return instead
    found = service()
    query = forgiving(FamilyQuery(exclude=("id", "limit"), unknown="exclude"))
    kind, page = query.get("kind"), query["page"]
    opened = bool(request.headers.get("HX-Request"))
    if opened and request.args.get("up"):
        return render_template("_ancestry.html", id=model_id, bases=found.ancestry(model_id))
    size = _OPENED if opened else _PAGE
    children = found.children(model_id, kind, (page - 1) * size, size + 1)
    facts = found.facts(model_id)
    total = facts.children_total if kind is None else facts.kinds and facts.kinds.get(kind, 0)
    data: dict[str, Any] = {
        "id": model_id,
        "kind": kind,
        "page": page,
        "size": size,
        "total": total,
        "children": children[:size],
        "more": len(children) > size,
        "left": max(0, total - page * size) if total is not None else None,
    }
    if opened:
        return render_template("_children.html", at=request.args.get("at", ""), **data)
    data |= {"pages": -(-total // size) if total else None, "address_of": address_of}
    data["api_address"] = same_as_json(url_for("around_api.family"), id=model_id, page=page, limit=size)
    return render_template("family.html", facts=facts, bases=found.ancestry(model_id), **data)


@around.get("/model/<path:model_id>/methods")
def by_method(model_id: str) -> str | BaseResponse:
    """What each method finds for a model, side by side."""
    instead = _elsewhere(model_id, "methods", "around.by_method")
    if instead is not None:
        return instead
    query = forgiving(SideBySideQuery(exclude=("id",), unknown="exclude"))
    filters = filters_of(query)
    columns = side_by_side(model_id, query["k"], filters)
    return render_template(
        "methods.html",
        id=model_id,
        columns=[(name, columns[name], cypher_behind([model_id], name)) for name, _ in methods()],
        counts=in_columns([each["answer"] for each in columns.values()]),
        k=query["k"],
        filtered=filters != Filters(),
        address_of=address_of,
        unfiltered=dict.fromkeys(Filters.__slots__),
        carried=filters.given(),
        api_address=same_as_json(url_for("around_api.by_method"), id=model_id),
    )


def side_by_side(id: str, k: int, filters: Filters) -> dict[str, dict[str, Any]]:
    """By method: the `answer`, or the `problem` in its place."""

    def ask(method: str) -> Answer:
        return service().recommend((id,), method, k, "score", filters, reasons="none")

    return {name: answered(lambda name=name: ask(name), "en") for name, _ in methods()}  # type: ignore[misc]


def in_columns(answers: list[Answer | None]) -> Counter[str]:
    """In how many of the answers each model stands, itself or as another form."""
    return Counter(
        id
        for answer in answers
        if answer
        for id in {one for each in answer.recommendations for one in (each.model.id, *each.variants)}
    )


@around.get("/together")
def together() -> str | BaseResponse:
    """What goes with several models at once."""
    found = service()
    ids = list(dict.fromkeys(found.resolve(each) for each in request.args.getlist("id")[:TOGETHER] if each.strip()))
    if len(ids) == 1 and not request.args.get("add"):
        return redirect(same_for("pages.model", ids[0], left_out="id"))
    query = forgiving(ModelQuery(unknown="exclude"))
    query.setdefault("method", found.method())
    filters = filters_of(query)
    data = choices(query) | {"answer": None}
    if ids:
        data |= answered(
            lambda: found.recommend(
                tuple(ids), query["method"], query["k"], query["sort"], filters, novelty=query["novelty"]
            ),
            query["language"],
        )
    data |= {
        "heading": "What goes with all of them",
        "start": ("Model", ids[0] if ids else ""),
        "query_id": None,
        "asked_ids": ids,
        "carried": {"id": ids},
        "origins": origins(data["answer"], ids, ids[0] if ids else None),
        "address_of": address_of,
        "api_address": same_as_json(url_for("api.recommendations"), id=ids, method=query["method"]),
        "cypher_address": cypher_behind(ids, query["method"]) if ids else None,
    }
    if request.headers.get("HX-Target") == "recommendations":
        return render_template("_recommendations.html", **data)
    cards = found.cards(ids)
    return render_template("together.html", cards=[cards[each] for each in ids if each in cards], **data)


@around.get("/compare")
def compare() -> tuple[str, int]:
    return comparing.page()


@around.get("/badge/<path:model_id>.svg")
def badge(model_id: str) -> Response:
    return badges.badge(model_id)
