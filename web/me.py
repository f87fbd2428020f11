"""The JSON API under /api/v1/me: what is kept for the person who asks, and what suits them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, session
from flask_wtf.csrf import generate_csrf

from graph.types import Answer
from web import foryou, me_schemas, schemas
from web.account import check_form, me, people
from web.api import answer_as_json, problems
from web.paging import PageQuery, paged
from web.queries import PersonQuery
from web.service import service
from web.you import given_name, hub_name_of, search_query

me_api = APIBlueprint("me_api", __name__, url_prefix="/api/v1/me", tag="You")
me_api.before_request(check_form)

_READS = problems(401, 404)
_LISTS = problems(401, 404, 422)
_WRITES = problems(401, 403, 404, 422)
_TAKES = problems(401, 403, 404, 413, 422) | {400: problems(422)[422], 415: problems(422)[422]}


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    """The body as JSON, without an ETag: nobody is to keep it."""
    text = json.dumps(body, ensure_ascii=False, default=lambda value: value.isoformat(), separators=(",", ":"))
    return Response(text, status, content_type="application/json")


def _models(kept: Mapping[str, datetime]) -> list[dict[str, Any]]:
    return [{"id": id, "at": at} for id, at in kept.items()]


@me_api.get("")
@me_api.output(me_schemas.ProfileOut, example=me_schemas.PROFILE)
@me_api.doc(operation_id="me", summary="Who you are here, and how much is kept of you", responses=_READS)
def profile() -> Response:
    person = me()
    kept = people().store.export(person.id)
    counts = {name: len(kept[name]) for name in ("likes", "dismissals", "views", "collections", "searches")}
    shown = {name: kept[name] for name in ("name", "hub_name", "keeps_views", "created_at")}
    return _json(shown | {"csrf_token": generate_csrf(), "counts": counts})


@me_api.patch("")
@me_api.input(me_schemas.ProfileIn, location="json", arg_name="body", example=me_schemas.CHANGE)
@me_api.output({}, status_code=204)
@me_api.doc(
    operation_id="change_me",
    summary="Set your name on the Hub, and whether views are kept",
    description="What is not given stays as it is. Without views, those kept are deleted.",
    responses=_TAKES,
)
def change(body: dict[str, Any]) -> Response:
    person = me()
    hub_name = hub_name_of(body["hub_name"]) if "hub_name" in body else person.hub_name
    people().store.change(person.id, hub_name=hub_name, keeps_views=body.get("keeps_views", person.keeps_views))
    return Response(status=204)


@me_api.delete("")
@me_api.output({}, status_code=204)
@me_api.doc(operation_id="forget_me", summary="Delete everything that is kept of you, at once", responses=_WRITES)
def forget() -> Response:
    people().store.forget(me().id)
    session.clear()
    return Response(status=204)


@me_api.get("/export")
@me_api.output(me_schemas.ExportOut, example=me_schemas.EXPORT)
@me_api.doc(operation_id="export_me", summary="Everything that is kept of you", responses=_READS)
def export() -> Response:
    return _json(people().store.export(me().id))


@me_api.get("/recommendations")
@me_api.input(PersonQuery, location="query", arg_name="query")
@me_api.output(schemas.AnswerOut, example=schemas.FOR_LIKED)
@me_api.doc(
    operation_id="my_recommendations",
    summary="What suits you, and from which of your models each comes",
    description="From what you liked, built and viewed; where nothing is known, from what is most used for `task`.",
    responses=problems(401, 404, 409, 422),
)
def recommendations(query: dict[str, Any]) -> Response:
    return _suited(foryou.recommended, query)


@me_api.get("/new")
@me_api.input(PersonQuery, location="query", arg_name="query")
@me_api.output(schemas.AnswerOut, example=schemas.FOR_LIKED)
@me_api.doc(
    operation_id="my_news",
    summary="New models worth knowing: of the hundred that suit you best, the ones published last",
    responses=problems(401, 404, 409, 422),
)
def news(query: dict[str, Any]) -> Response:
    return _suited(foryou.worth_knowing, query)


def _suited(ask: Callable[[foryou.Taste, Mapping[str, Any]], Answer], query: dict[str, Any]) -> Response:
    given = foryou.known(me(), query)
    method = query.get("method") or service().method()
    answer = ask(given, query) if given else Answer({"liked": [], "k": query["k"]}, method, None, ())
    return _json(answer_as_json(answer, query["language"]))


def _marking(name: str, kind: str, said: str, verb: str) -> None:
    """The addresses of one kind of mark."""

    @me_api.get(f"/{name}", endpoint=name)
    @me_api.input(PageQuery, location="query", arg_name="query")
    @me_api.output(me_schemas.ModelsOut, example=me_schemas.MODELS)
    @me_api.doc(operation_id=f"my_{name}", summary=f"The models that you {said}", responses=_LISTS)
    def listed(query: dict[str, Any]) -> Response:
        return paged(query, "models", _models(people().store.marked(me().id, kind)), _json)

    @me_api.put(f"/{name}/<path:model_id>", endpoint=f"put_{name}")
    @me_api.output(me_schemas.MarkOut, example=me_schemas.MARK)
    @me_api.doc(operation_id=f"put_{name}", summary=f"{verb}", responses=_WRITES)
    def put(model_id: str) -> Response:
        person, model = me(), service().resolve(model_id)
        people().store.mark(person.id, model, kind)
        return _json({"id": model})

    @me_api.delete(f"/{name}/<path:model_id>", endpoint=f"delete_{name}")
    @me_api.output({}, status_code=204)
    @me_api.doc(operation_id=f"delete_{name}", summary=f"{verb} no longer", responses=_WRITES)
    def delete(model_id: str) -> Response:
        person = me()
        if model_id in people().store.marked(person.id, kind):
            people().store.mark(person.id, model_id, None)
        return Response(status=204)


_marking("likes", "like", "like", "Like a model")
_marking("dismissals", "dismissal", "called not useful", "Call a model not useful")


@me_api.get("/views")
@me_api.input(PageQuery, location="query", arg_name="query")
@me_api.output(me_schemas.ModelsOut, example=me_schemas.MODELS)
@me_api.doc(operation_id="my_views", summary="The models that you looked at", responses=_LISTS)
def views(query: dict[str, Any]) -> Response:
    return paged(query, "models", _models(people().store.viewed(me().id)), _json)


@me_api.put("/views/<path:model_id>")
@me_api.output({}, status_code=204)
@me_api.doc(
    operation_id="put_views",
    summary="Keep that you looked at a model",
    description="Nothing is kept unless you asked for it.",
    responses=_WRITES,
)
def put_view(model_id: str) -> Response:
    person = me()
    people().store.view(person.id, service().resolve(model_id))
    return Response(status=204)


@me_api.get("/collections")
@me_api.input(PageQuery, location="query", arg_name="query")
@me_api.output(me_schemas.CollectionsOut, example=me_schemas.COLLECTIONS)
@me_api.doc(operation_id="my_collections", summary="Your collections, by name", responses=_LISTS)
def collections(query: dict[str, Any]) -> Response:
    found = people().store.shelves.collections(me().id)
    return paged(query, "collections", [each._asdict() for each in found], _json)


@me_api.post("/collections")
@me_api.input(me_schemas.NameIn, location="json", arg_name="body", example=me_schemas.NAME)
@me_api.output(me_schemas.MadeCollectionOut, status_code=201, example=me_schemas.COLLECTION)
@me_api.doc(operation_id="make_collection", summary="A new collection", responses=_TAKES)
def make_collection(body: dict[str, Any]) -> Response:
    person = me()
    return _json(people().store.shelves.make(person.id, given_name(body["name"]))._asdict(), 201)


@me_api.get("/collections/<collection_id>")
@me_api.output(me_schemas.WholeCollectionOut, example=me_schemas.WHOLE_COLLECTION)
@me_api.doc(operation_id="my_collection", summary="A collection and the models in it", responses=_READS)
def collection(collection_id: str) -> Response:
    person, shelves = me(), people().store.shelves
    found = shelves.collection(person.id, collection_id)
    return _json(found._asdict() | {"models": _models(shelves.models(person.id, collection_id))})


@me_api.patch("/collections/<collection_id>")
@me_api.input(me_schemas.NameIn, location="json", arg_name="body", example=me_schemas.NAME)
@me_api.output({}, status_code=204)
@me_api.doc(operation_id="rename_collection", summary="Rename a collection", responses=_TAKES)
def rename_collection(collection_id: str, body: dict[str, Any]) -> Response:
    people().store.shelves.rename(me().id, collection_id, given_name(body["name"]))
    return Response(status=204)


@me_api.delete("/collections/<collection_id>")
@me_api.output({}, status_code=204)
@me_api.doc(operation_id="delete_collection", summary="Delete a collection", responses=_WRITES)
def delete_collection(collection_id: str) -> Response:
    people().store.shelves.remove(me().id, collection_id)
    return Response(status=204)


@me_api.put("/collections/<collection_id>/models/<path:model_id>")
@me_api.output(me_schemas.MarkOut, example=me_schemas.MARK)
@me_api.doc(operation_id="put_into_collection", summary="Put a model into a collection", responses=_WRITES)
def put_model(collection_id: str, model_id: str) -> Response:
    person, model = me(), service().resolve(model_id)
    people().store.shelves.put(person.id, collection_id, model)
    return _json({"id": model})


@me_api.delete("/collections/<collection_id>/models/<path:model_id>")
@me_api.output({}, status_code=204)
@me_api.doc(operation_id="take_from_collection", summary="Take a model out of a collection", responses=_WRITES)
def take_model(collection_id: str, model_id: str) -> Response:
    people().store.shelves.take(me().id, collection_id, model_id)
    return Response(status=204)


@me_api.get("/searches")
@me_api.input(PageQuery, location="query", arg_name="query")
@me_api.output(me_schemas.SearchesOut, example=me_schemas.SEARCHES)
@me_api.doc(operation_id="my_searches", summary="Your saved searches, the latest first", responses=_LISTS)
def searches(query: dict[str, Any]) -> Response:
    found = people().store.shelves.searches(me().id)
    return paged(query, "searches", [each._asdict() for each in found], _json)


@me_api.post("/searches")
@me_api.input(me_schemas.SearchIn, location="json", arg_name="body", example=me_schemas.SEARCH)
@me_api.output(me_schemas.MadeSearchOut, status_code=201, example=me_schemas.SAVED_SEARCH)
@me_api.doc(operation_id="save_search", summary="Save a search", responses=_TAKES)
def save_search(body: dict[str, Any]) -> Response:
    person = me()
    made = people().store.shelves.save(person.id, given_name(body["name"]), search_query(body["query"]))
    return _json(made._asdict(), 201)


@me_api.delete("/searches/<search_id>")
@me_api.output({}, status_code=204)
@me_api.doc(operation_id="delete_search", summary="Delete a saved search", responses=_WRITES)
def delete_search(search_id: str) -> Response:
    people().store.shelves.drop(me().id, search_id)
    return Response(status=204)
