"""The pages about what is around a model: its family."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from graph.statements import statement
from web import words
from web.controls import forgiving
from web.links import address_of, console_address
from web.pages import model as model_page
from web.queries import FamilyQuery
from web.service import service

around = APIBlueprint("around", __name__, enable_openapi=False)

#: How many children are opened at once in a tree, and on the page.
_OPENED, _PAGE = 20, 50


@around.app_context_processor
def vocabulary() -> dict[str, Any]:
    return {"child_kinds": words.CHILDREN, "cypher_of": cypher_of}


def cypher_of(name: str, **params: Any) -> str:
    """The console with a statement of the catalogue, by name, and parameters."""
    return console_address(statement(name).text, params)


def called(model_id: str, part: str) -> bool:
    """Whether a model has the name of a part of another one's page: who/family is a page of who and may be a model."""
    return "/" not in model_id and bool(service().present([f"{model_id}/{part}"]))


@around.get("/model/<path:model_id>/family")
def family(model_id: str) -> str | BaseResponse:
    """The whole family; for a tree in another page the part of it that was opened there."""
    if called(model_id, "family"):
        return model_page(f"{model_id}/family")
    found = service()
    known = found.resolve(model_id)
    if known != model_id:
        args: dict[str, Any] = request.args.to_dict()
        return redirect(url_for("around.family", model_id=known, **args))
    query = forgiving(FamilyQuery(exclude=("id", "limit"), unknown="exclude"))
    kind, page = query.get("kind"), query["page"]
    if request.headers.get("HX-Request") and request.args.get("up"):
        return render_template("_ancestry.html", id=known, bases=found.ancestry(known))
    opened = bool(request.headers.get("HX-Request"))
    size = _OPENED if opened else _PAGE
    children = found.children(known, kind, (page - 1) * size, size + 1)
    facts = found.facts(known)
    total = facts.children_total if kind is None else facts.kinds and facts.kinds.get(kind, 0)
    data: dict[str, Any] = {
        "id": known,
        "kind": kind,
        "page": page,
        "total": total,
        "children": children[:size],
        "more": len(children) > size,
        "left": max(0, total - page * size) if total is not None else None,
    }
    if opened:
        return render_template("_children.html", trigger=request.headers.get("HX-Trigger", ""), **data)
    return render_template(
        "family.html", facts=facts, bases=found.ancestry(known), pages=-(-total // size) if total else None,
        address_of=address_of, size=size, **data,
    )  # fmt: skip
