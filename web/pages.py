"""The pages: search, a model, an author, why, the graph as a whole, about."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from graph.errors import NotFound
from graph.facets import FacetValue
from graph.languages import translated
from graph.models import ModelPage
from graph.query_language import BadQuery, Query
from graph.recommend import AUTHOR_METHODS
from graph.search import SearchPage
from graph.slots import NETWORK_METHODS
from graph.types import Reason
from web import growth, keeping, words
from web.badge import badge_address
from web.controls import answered, choices, forgiving, methods, same_as_json, shown
from web.docs import curl, example_of, listed, told
from web.drawing import NARROW, draw
from web.figures import drawn
from web.links import address_of, cypher_behind, fact_address, query_address, same_for, search_address
from web.measures import judged, spark
from web.paths import walk
from web.queries import AuthorQuery, ModelQuery, SearchQuery, WhyQuery, asked, filters_of
from web.service import service

pages = APIBlueprint("pages", __name__, enable_openapi=False)
keeping.register(pages)

_PAGE = 20
#: How many values of a facet are shown.
_VALUES = 10


class Facet(NamedTuple):
    """A facet of the search: the value in the query, and (value, address) of each."""

    name: str
    title: str
    now: str | None
    values: list[tuple[FacetValue, str]]


@pages.app_context_processor
def vocabulary() -> dict[str, Any]:
    """The words and helpers that every template may use."""
    return {
        "plurals": words.PLURALS,
        "relation_words": words.RELATIONS,
        "method_names": words.METHODS,
        "method_words": words.METHOD_WORDS,
        "examples": words.EXAMPLES,
        "field_kinds": words.FIELD_KINDS,
        "field_phrases": words.FIELD_PHRASES,
        "field_labels": words.FIELD_LABELS,
        "walk": walk,
        "shown": shown,
    }


@pages.get("/")
def home() -> str:
    found = service()
    return render_template("home.html", counts=found.counts(), popular=found.popular())


@pages.get("/search")
def search() -> str:
    given = forgiving(SearchQuery(exclude=("limit",), unknown="exclude"))
    page, typed = given.pop("page"), given["q"]
    try:
        query = asked(given)
    except BadQuery as problem:
        return render_template("search.html", q=typed, problem=problem, found=None, search_address=search_address)
    found = service().search(query, **given, limit=_PAGE, offset=(page - 1) * _PAGE)
    return render_template(
        "search.html",
        q=found.query.text,
        typed=query,
        found=found,
        clear=search_address(Query(found.query.words)),
        active=[
            (name, value, search_address(found.query.having(name, None))) for name, value in found.query.filters.items()
        ],
        facets=_facets(found),
        sorts=words.SEARCH_SORTS,
        sort=given["sort"],
        forms=given["forms"],
        page=page,
        address_of=address_of,
        search_address=search_address,
        name_address=lambda name: url_for("pages.search", q=Query((), {"name": name}).text),
    )


def _facets(found: SearchPage) -> list[Facet]:
    """The facets, each value with the address that puts it into the query, or takes it out again."""
    facets = []
    for name, title in words.FACETS.items():
        now = found.query.filters.get(name)
        values = list(found.facets.get(name, ()))
        shown = values[:_VALUES] + [each for each in values[_VALUES:] if each.value == now]
        if now and now not in [each.value for each in shown]:
            shown.insert(0, FacetValue(now, len(found.cards) and found.total, found.total_is_lower_bound))
        links = [
            (each, search_address(found.query.having(name, None if each.value == now else each.value)))
            for each in shown
        ]
        if links:
            facets.append(Facet(name, title, now, links))
    return facets


@pages.get("/search/suggestions")
def suggestions() -> str:
    """The list under the search box; under a field for a model, of models only."""
    found = service().suggest(request.args.get("q", "")[:400])
    if request.args.get("only") == "model":
        found = [each for each in found if each.kind == "model"]
    return render_template("_suggestions.html", suggestions=found)


@pages.get("/model/<path:model_id>")
def model(model_id: str) -> str | BaseResponse:
    found = service()
    try:
        facts = found.facts(model_id)
    except NotFound:
        return redirect(same_for("pages.model", found.resolve(model_id), **{"from": model_id}))
    known = facts.card.id
    query = forgiving(ModelQuery(unknown="exclude"))
    query.setdefault("method", found.method())
    data = choices(query) | answered(
        lambda: found.recommend(
            (known,), query["method"], query["k"], query["sort"], filters_of(query), novelty=query["novelty"]
        ),
        query["language"],
    )
    data |= {"heading": "Recommended", "start": ("Model", known), "query_id": known, "address_of": address_of}
    data |= {"asked_ids": [known], "cypher_address": cypher_behind([known], query["method"])}
    data["api_address"] = same_as_json(url_for("api.recommendations"), id=known, method=query["method"])
    if request.headers.get("HX-Target") == "recommendations":
        return render_template("_recommendations.html", **data)
    return render_template(
        "model.html",
        facts=facts,
        groups=[(label, keys) for label, keys in _facts(facts) if keys],
        renamed_from=request.args.get("from"),
        badge_address=badge_address(known),
        site=keeping.SITE,
        **data,
    )


def _facts(facts: ModelPage) -> list[tuple[str, tuple[str, ...]]]:
    """The facts that the heading does not show, by label."""
    return [
        ("Language", facts.languages),
        ("Dataset", facts.datasets),
        ("Paper", facts.papers),
        ("Architecture", facts.architectures),
        ("Tag", facts.tags),
    ]


@pages.get("/author/<name>")
def author(name: str) -> str:
    found = service()
    published, total = found.published(name)
    query = forgiving(AuthorQuery(unknown="exclude"))
    given = answered(
        lambda: found.recommend_for_author(
            name, query.get("method"), query["k"], query["sort"], filters_of(query), query["novelty"]
        ),
        query["language"],
    )
    query.setdefault("method", given["answer"].method if given["answer"] else NETWORK_METHODS[0])
    data = choices(query) | given
    data |= {"heading": "What to build on next", "start": ("Author", name), "query_id": None, "address_of": address_of}
    data["methods"] = methods(AUTHOR_METHODS)
    data["api_address"] = same_as_json(url_for("api.author_recommendations", name=name), method=query["method"])
    if request.headers.get("HX-Target") == "recommendations":
        return render_template("_recommendations.html", **data)
    data["grown"] = growth.drawn(found.growth(name), Query((), {"author": name}))
    return render_template("author.html", name=name, published=published, total=total, **data)


@pages.get("/why")
def why() -> str | BaseResponse:
    found = service()
    if not (request.args.get("a") and request.args.get("b")):
        return redirect(url_for("pages.search"))
    query = forgiving(WhyQuery(unknown="exclude"))
    method = query.get("method") or found.method()
    filters = filters_of(query)
    answer = translated(found.why(query["a"], query["b"], method, query["k"], filters), query["language"])
    recommendation = answer.recommendations[0]
    a, b = found.resolve(query["a"]), recommendation.model.id
    reasons = recommendation.reasons
    drawing = draw(a, b, reasons)
    data = {
        "a": a,
        "b": b,
        "start": ("Model", a),
        "method": method,
        "reasons": reasons,
        "recommendation": recommendation,
        "standing": answer.standing,
        "language": query["language"],
        "languages": words.LANGUAGES,
        "most": _most(reasons),
        "drawing": drawing,
        "narrow": draw(a, b, reasons, width=NARROW),
        "methods": methods(),
        "labels": sorted({box.label for box in drawing.boxes}) if drawing else [],
        "address_of": address_of,
        "api_address": same_as_json(url_for("api.why"), a=a, b=b, method=method),
    }
    return render_template("_why.html" if request.headers.get("HX-Request") else "why.html", **data)


def _most(reasons: tuple[Reason, ...]) -> float:
    return max((abs(each.contribution or 0) for each in reasons if each.kind != "rest"), default=0.0)


@pages.get("/explore")
def explore() -> str:
    return render_template("explore.html", **drawn(service().report(), fact_address, query_address))


@pages.get("/about")
def about() -> str:
    found = service()
    runs = [run for run in found.runs() if run.run]
    return render_template(
        "about.html",
        runs=[(run, spark(run)) for run in runs],
        judged=judged(runs),
        measures=words.MEASURES,
        kinds=words.KINDS,
        methods=methods(),
        counts=found.counts(),
    )


@pages.get("/api/docs")
def api_docs() -> str:
    settings = service().settings
    spec = cast(dict[str, Any], cast(APIFlask, current_app)._get_spec("json"))
    return render_template(
        "api_docs.html",
        spec=spec,
        paths=listed(spec),
        curl=curl,
        example_of=example_of,
        told=told,
        limit=settings.rate_limit,
        key_limit=settings.key_rate_limit,
        origins=settings.cors_origins,
    )


@pages.get("/robots.txt")
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /api/\nDisallow: /query\nDisallow: /why\n", content_type="text/plain")
