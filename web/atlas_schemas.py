"""The shapes of what the API says of the map, each with an example."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, Raw, String


def _about(text: str) -> dict[str, str]:
    return {"description": text}


class TileOut(Schema):
    level = Integer(required=True, metadata=_about("The map has 2^level tiles each way there"))
    column = Integer(required=True)
    row = Integer(required=True)
    models = Integer(required=True)
    blocks = Integer(required=True, metadata=_about("In how many blocks its names come"))
    bytes = Integer(required=True, metadata=_about("How large it is, compressed"))


class LegendOut(Schema):
    code = Integer(required=True, metadata=_about("What stands in the tiles for it"))
    name = String(required=True)
    models = Integer(required=True)
    facts = List(Raw(), metadata=_about("Of a cluster: what names it, as pairs of a label and a key"))
    x = Float(metadata=_about("Of a cluster: where it is densest, 0 to 1 from the left"))
    y = Float(metadata=_about("The same from the top"))
    most_used = List(String(), metadata=_about("Of a cluster: its most downloaded models"))


class MapOut(Schema):
    version = String(required=True, metadata=_about("Changes whenever the map does"))
    models = Integer(required=True, metadata=_about("How many are on the map"))
    unplaced = Integer(required=True, metadata=_about("How many have no place yet"))
    box = List(Float(), required=True, metadata=_about("Where nearly all of them lie: left, top, right, bottom"))
    legends = Dict(keys=String(), values=List(Nested(LegendOut)), required=True)
    tiles = List(Nested(TileOut), required=True)
    points = String(required=True, metadata=_about("Address of a tile"))
    names = String(required=True, metadata=_about("Address of a block of a tile's names"))


class PlaceOut(Schema):
    id = String(required=True)
    downloads = Integer(required=True, allow_none=True)
    x = Float(required=True)
    y = Float(required=True)
    cluster = Integer(required=True)


class FoundOut(Schema):
    query = String(required=True, metadata=_about("The query as it was read"))
    corrected = Boolean(required=True)
    notes = List(String(), required=True)
    total = Integer(required=True)
    total_is_lower_bound = Boolean(required=True)
    models = List(Nested(PlaceOut), required=True)


MAP: dict[str, Any] = {
    "version": "5f3c9a17e0b2",
    "models": 2,
    "unplaced": 0,
    "box": [0.1, 0.05, 0.95, 0.9],
    "legends": {
        "task": [{"code": 0, "name": "fill-mask", "models": 2}],
        "library": [{"code": 0, "name": "transformers", "models": 2}],
        "cluster": [
            {
                "code": 0,
                "name": "fill-mask",
                "models": 2,
                "facts": [["Task", "fill-mask"]],
                "x": 0.51,
                "y": 0.27,
                "most_used": ["google-bert/bert-base-uncased"],
            }
        ],
        "year": [{"code": 0, "name": "2022", "models": 2}],
    },
    "tiles": [{"level": 0, "column": 0, "row": 0, "models": 2, "blocks": 1, "bytes": 41}],
    "points": "/map/tiles/5f3c9a17e0b2/{tile}",
    "names": "/map/names/5f3c9a17e0b2/{tile}/{block}",
}
FOUND: dict[str, Any] = {
    "query": "bert license:mit",
    "corrected": False,
    "notes": [],
    "total": 2,
    "total_is_lower_bound": False,
    "models": [{"id": "FacebookAI/roberta-base", "downloads": 9_000_000, "x": 0.51, "y": 0.27, "cluster": 0}],
}
