"""The pages about the person who looks at them: what suits them, what they keep, and what is kept of them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from graph.errors import BadInput
from web import foryou
from web.account import SignedOut, check_form, me, own_path, people
from web.controls import answered, choices, forgiving, origins, same_as_json
from web.errors import kind_of
from web.links import address_of
from web.queries import PersonQuery
from web.service import service
from web.store import Person

you = APIBlueprint("you", __name__, url_prefix="/you", enable_openapi=False)
you.before_request(check_form)

#: The buttons' values, and what the store calls them.
KINDS = {"like": "like", "dismissal": "dismissal", "none": None}
#: How many marks a page asks for at once, and how many models a newcomer may pick.
_AT_ONCE = 50
_NAME = 100


@you.errorhandler(SignedOut)
def signed_out(error: SignedOut) -> tuple[str, int]:
    onward = own_path(request.full_path.rstrip("?"))
    page = render_template("signed_out.html", provider=people().provider, onward=onward)
    return page, kind_of(error).status


def marked(person: Person) -> dict[str, str]:
    """What a person marked, by model."""
    store = people().store
    return {id: kind for kind in ("like", "dismissal") for id in store.marked(person.id, kind)}


def _page(template: str, person: Person, **data: Any) -> str:
    return render_template(template, person=person, provider=people().provider, **data)


@you.get("")
def index() -> str | Response:
    """What suits the person; for a newcomer what to begin with."""
    return _listed(foryou.recommended, "me_api.recommendations", "Recommended for you")


@you.get("/new")
def new() -> str | Response:
    """New models that are near what the person likes."""
    return _listed(foryou.worth_knowing, "me_api.news", "New, and near what you like", sorts=())


def _listed(ask: Any, endpoint: str, heading: str, **more: Any) -> str | Response:
    person = me()
    query = forgiving(PersonQuery(unknown="exclude"))
    query.setdefault("method", service().method())
    given = foryou.known(person, query)
    data: dict[str, Any] = choices(query) | {
        "heading": heading,
        "start": ("Model", ""),
        "query_id": None,
        "address_of": address_of,
        "api_address": same_as_json(url_for(endpoint), method=query["method"]),
        "marked": marked(person),
        "carried": {name: query[name] for name in ("task", "source") if query.get(name)},
        "given": given,
        "answer": None,
        "cards": service().cards(list(given.models)) if given else {},
    }
    data |= more
    if given:
        data |= answered(lambda: ask(given, query), query["language"])
        data["origins"] = origins(data["answer"], given.models)
    if request.headers.get("HX-Target") == "recommendations":
        if not given:
            return Response(headers={"HX-Refresh": "true"})
        return render_template("_recommendations.html", **data) + render_template("_origins.html", swapped=True, **data)
    used = "used" in given.models.values() if given else False
    return _page(
        "you.html",
        person,
        used=used,
        task=query.get("task"),
        source=query.get("source"),
        picks=foryou.to_begin_with() if not given else (),
        tasks=foryou.tasks() if not given or used else (),
        near=foryou.NEAR,
        **data,
    )


@you.get("/marks")
def marks() -> str | tuple[str, int]:
    """The hearts of some models, each for its place in the page that asks."""
    person = people().current()
    ids = list(dict.fromkeys(request.args.getlist("model")))[:_AT_ONCE]
    if person is None or not ids:
        return "", 204
    return render_template(
        "_marks.html",
        ids=ids,
        whole=request.args.get("whole"),
        keeps_views=person.keeps_views,
        marked=marked(person),
        onward=own_path(request.args.get("next")),
    )


@you.post("/marks")
def mark() -> str | BaseResponse | Response:
    """Like a model, say that it is of no use, or take either back."""
    person = me()
    model, value = request.form.get("model", ""), request.form.get("mark", "")
    if value not in KINDS:
        raise BadInput("That is no mark.", "Press one of the buttons.")
    known = service().resolve(model) if value != "none" else model
    people().store.mark(person.id, known, KINDS[value])
    onward = own_path(request.form.get("next"))
    if not request.headers.get("HX-Request"):
        return redirect(onward, 303)
    whole = model if request.form.get("whole") else None
    page = render_template(
        "_marks.html", ids=[model], whole=whole, swapped=True, marked={model: KINDS[value]}, onward=onward
    )
    return Response(page, headers={"HX-Trigger": "marked"})


@you.post("/views")
def view() -> tuple[str, int]:
    """Keep that a model is looked at, where the person asked for it."""
    person = me()
    if person.keeps_views:
        people().store.view(person.id, service().resolve(request.form.get("model", "")))
    return "", 204


@you.post("/picks")
def pick() -> BaseResponse:
    """A newcomer's first likes."""
    person = me()
    ids = request.form.getlist("model")[:_AT_ONCE]
    if not ids:
        raise BadInput("No model was chosen.", "Go back and choose some, or a task.")
    for id in reversed([service().resolve(each) for each in ids]):
        people().store.mark(person.id, id, "like")
    return redirect(url_for("you.index"), 303)


# Collections and searches.


@you.get("/collections")
def collections() -> str:
    person = me()
    shelves = people().store.shelves
    return _page(
        "collections.html", person, collections=shelves.collections(person.id), searches=shelves.searches(person.id)
    )


@you.get("/collections/<id>")
def collection(id: str) -> str:
    person = me()
    shelves = people().store.shelves
    found = shelves.collection(person.id, id)
    inside = shelves.models(person.id, id)
    return _page(
        "collection.html",
        person,
        collection=found,
        inside=inside,
        cards=service().cards(list(inside)),
        marked=marked(person),
    )


@you.get("/keep")
def keep() -> str:
    """Where a model can be liked and put into collections, without scripts."""
    person = me()
    model = service().resolve(request.args.get("model", ""))
    shelves = people().store.shelves
    return _page(
        "keep.html",
        person,
        card=service().facts(model).card,
        marked=marked(person),
        collections=[(each, model in shelves.models(person.id, each.id)) for each in shelves.collections(person.id)],
    )


@you.post("/collections")
def make_collection() -> BaseResponse:
    """A new collection, with a model in it where one is given."""
    person = me()
    shelves = people().store.shelves
    name = given_name(request.form.get("name"))
    model = request.form.get("model")
    known = service().resolve(model) if model else None
    made = shelves.make(person.id, name)
    if known:
        shelves.put(person.id, made.id, known)
    return redirect(url_for("you.collection", id=made.id), 303)


@you.post("/collections/<id>")
def change_collection(id: str) -> BaseResponse:
    """Rename or delete a collection, put a model into it or take one out."""
    person = me()
    shelves = people().store.shelves
    do, model = request.form.get("do"), request.form.get("model", "")
    onward = own_path(request.form.get("next") or url_for("you.collection", id=id))
    if do == "rename":
        shelves.rename(person.id, id, given_name(request.form.get("name")))
    elif do == "put":
        shelves.put(person.id, id, service().resolve(model))
    elif do == "take":
        shelves.take(person.id, id, model)
    elif do == "delete":
        shelves.remove(person.id, id)
        onward = url_for("you.collections")
    else:
        raise BadInput("That cannot be done with a collection.", "Press one of the buttons.")
    return redirect(onward, 303)


@you.get("/searches/new")
def name_search() -> str:
    person = me()
    query = search_query(request.args.get("query"))
    said = ", ".join(value for _, value in parse_qsl(query)) or "All models"
    return _page("save_search.html", person, query=query, said=said[:_NAME])


@you.post("/searches")
def save_search() -> BaseResponse:
    person = me()
    name = given_name(request.form.get("name"))
    people().store.shelves.save(person.id, name, search_query(request.form.get("query")))
    return redirect(url_for("you.collections", _anchor="searches"), 303)


@you.post("/searches/<id>/delete")
def drop_search(id: str) -> BaseResponse:
    people().store.shelves.drop(me().id, id)
    return redirect(url_for("you.collections", _anchor="searches"), 303)


def given_name(text: str | None) -> str:
    """A name that somebody gave to something. Raises `BadInput`."""
    name = " ".join(storable(text or "").split())
    if not name or len(name) > _NAME:
        raise BadInput(f"A name has 1 to {_NAME} characters.", "Give another one.")
    return name


def search_query(text: str | None) -> str:
    """What stands behind the `?` of a search, written anew, so that it can only lead to the search."""
    query = urlencode([pair for pair in parse_qsl(storable(text or "")) if pair[0] != "page"])
    if len(query) > 2000:
        raise BadInput("This search is too long to be kept.", "Make it shorter.")
    return query


def storable(text: str) -> str:
    """A text that every store takes. Raises `BadInput`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput("This text has half a character in it.", "Write it again.") from None
    return text.replace("\0", "")


# What is kept.


@you.get("/data")
def data() -> str:
    person = me()
    kept = people().store.export(person.id)
    return _page("data.html", person, kept=kept, local=people().mode == "local")


@you.post("/data")
def change_data() -> BaseResponse:
    """Whether views are kept, and what the person is called on the Hub."""
    hub_name = hub_name_of(request.form.get("hub_name"))
    people().store.change(me().id, hub_name=hub_name, keeps_views=bool(request.form.get("keeps_views")))
    return redirect(url_for("you.data"), 303)


def hub_name_of(text: str | None) -> str | None:
    """A name on the Hub, or None for an empty one. Raises `BadInput`."""
    name = storable(text or "").strip()
    if len(name) > _NAME or "/" in name:
        raise BadInput("That is no name on the Hub.", "It is what stands before the / of a model's id.")
    return name or None


@you.get("/data.json")
def export() -> Response:
    body = json.dumps(people().store.export(me().id), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="hfmrs-you.json"'}
    return Response(body, content_type="application/json", headers=headers)


@you.post("/data/delete")
def forget() -> BaseResponse:
    """Delete everything, once it was confirmed."""
    person = me()
    if request.form.get("sure") != "yes":
        raise BadInput("Nothing was deleted.", "Tick the box that says that you are sure.")
    people().store.forget(person.id)
    session.clear()
    return redirect(url_for("pages.home"), 303)
