"""The map of all models: its page, the tiles it is drawn from, and both as JSON."""

from __future__ import annotations

import gzip
from typing import Any

from apiflask import APIBlueprint
from flask import Response, make_response, render_template, request, url_for

from graph import tiles
from graph.query_language import BadQuery, Query
from web import charts, picture
from web.api import json_response, problems
from web.assets import takes_gzip
from web.atlas_schemas import FOUND, MAP, FoundOut, MapOut
from web.controls import forgiving
from web.links import address_of
from web.queries import MapQuery, PlacesQuery, asked
from web.service import service

atlas = APIBlueprint("map", __name__, enable_openapi=False)
atlas_api = APIBlueprint("map_api", __name__, url_prefix="/api/v1/map", tag="API")

#: What the points can be coloured by, and what that is called.
COLOURS = (("cluster", "Cluster"), ("task", "Task"), ("library", "Library"), ("year", "Year"))
#: Kinds of node whose colours the clusters have, in turn, as the classes h0 to h9.
_HUES = ("model", "dataset", "task", "author", "license", "architecture", "language", "library", "paper", "tag")
#: The script's modules (`static/map-NAME.js`), each of which the page has to give its address.
_PARTS = ("address", "beside", "colours", "drawing", "layer", "list", "pointing", "points", "state")
#: Fields of a query that a fact which names a cluster can be looked for by.
_FIELDS = {"Task": "task", "Library": "library", "Language": "language"}
#: How many of what was found stand beside the map.
_LISTED = 50
#: How far one is zoomed in where a link leads to a region.
_NEAR = 2


@atlas.get("/map")
def index() -> str:
    found = service()
    given = forgiving(MapQuery(unknown="exclude"))
    placed = problem = None
    if given["q"]:
        try:
            placed = found.places(asked({"q": given["q"]}))
        except BadQuery as bad:
            problem = bad
    there = found.map()
    regions = sorted(there["legends"]["cluster"], key=lambda row: -row["models"])
    return render_template(
        "map.html",
        map=there,
        regions=[(row, _searched(row["facts"]), _shown(row)) for row in regions],
        colours=COLOURS,
        parts=_PARTS,
        colour=given["colour"],
        q=given["q"],
        placed=placed,
        listed=_LISTED,
        problem=problem,
        hues=charts.HUES,
        address_of=address_of,
    )


def _searched(facts: list[list[str]]) -> str:
    """The search for what names a region."""
    query = Query()
    for label, key in facts:
        field = _FIELDS.get(label)
        if not field:
            query = Query((*query.words, *key.split()), query.filters)
        elif field not in query.filters:
            query = query.having(field, key.lower())
    return url_for("pages.search", q=query.text or None)


def _shown(row: dict[str, Any]) -> str:
    """The map around a region."""
    return url_for(".index", x=round(1000 * row["x"]), y=round(1000 * row["y"]), z=_NEAR)


@atlas.get("/map/tiles/<version>/<int:tile>")
def points(version: str, tile: int) -> Response:
    data = tiles.points(service().settings.home, version, tile)
    return _lasting(data, "application/octet-stream", f"{version}-{tile}")


@atlas.get("/map/names/<version>/<int:tile>/<int:block>")
def names(version: str, tile: int, block: int) -> Response:
    data = tiles.names(service().settings.home, version, tile, block)
    return _lasting(data, "application/json", f"{version}-{tile}-{block}")


def _lasting(data: bytes, kind: str, tag: str) -> Response:
    """A part of the map, `data` compressed: its address holds the map's version, so that it never changes."""
    packed = takes_gzip()
    response = Response(data if packed else gzip.decompress(data), content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(tag, weak=True)
    response.make_conditional(request)
    return response


@atlas.get("/map/picture.svg")
def drawing() -> Response:
    """Some of the models as a picture that needs no script."""
    rows = next((section.rows for section in service().report() if section.id == "picture"), ())
    colours = picture.colours(1 if "dark" in request.args else 0)
    hues = [colours[f"k-{kind}"] for kind in _HUES]
    response = make_response(render_template("map.svg", cloud=charts.cloud(rows, "x", "y"), hues=hues))
    response.content_type = "image/svg+xml"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@atlas_api.get("")
@atlas_api.output(MapOut, example=MAP)
@atlas_api.doc(
    operation_id="map",
    summary="The map of all models: legends, regions, and which tiles its points come in",
    description="What a tile holds is told in docs/map.md. Tiles and names stay under their addresses as they are.",
    responses=problems(409),
)
def legends() -> Response:
    there = service().map()
    template = {"version": there["version"], "tile": 0}
    response = json_response(
        {
            **there,
            "points": url_for("map.points", **template)[: -len("0")] + "{tile}",
            "names": url_for("map.names", block=0, **template)[: -len("0/0")] + "{tile}/{block}",
        }
    )
    response.set_etag(there["version"], weak=True)  # of the map and not of the graph, which may be ahead of it
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@atlas_api.get("/found")
@atlas_api.input(PlacesQuery, location="query", arg_name="query")
@atlas_api.output(FoundOut, example=FOUND)
@atlas_api.doc(
    operation_id="map_found",
    summary="Where on the map the models lie that a search finds",
    description="The first ones, best first, in the query language of the search.",
    responses=problems(422),
)
def places(query: dict[str, Any]) -> Response:
    placed = service().places(asked({"q": query["q"]}))
    return json_response(placed._asdict() | {"query": placed.query.text})
