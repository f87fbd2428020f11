"""What the API answers about what is around a model, with examples."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, Raw, String

from web.schemas import WHY, Card, Paged, PathStep, ReasonOut, StandingOut


class Ancestor(Schema):
    id = String(required=True)
    base = String(required=True, metadata={"description": "What it was made from"})
    relation = String(required=True)
    inferred = Boolean(required=True, metadata={"description": "Read from names and tags"})
    generation = Integer(required=True, metadata={"description": "Steps back, from 1"})


class ChildCard(Card):
    built_on = Integer(required=True, metadata={"description": "How many were made from it"})


class FamilyOut(Paged):
    id = String(required=True)
    ancestry = List(Nested(Ancestor), required=True)
    unresolved_bases = List(String(), required=True)
    children_total = Integer(required=True)
    kinds = Dict(keys=String(), values=Integer(), required=True, allow_none=True)
    children = List(Nested(ChildCard), required=True)
    page = Integer(required=True)
    more = Boolean(required=True, metadata={"description": "There is a next page"})


class Similar(Schema):
    id = String(required=True)
    rank = Integer(required=True)
    score = Float(required=True)
    methods = Integer(required=True, data_key="in", metadata={"description": "By how many methods it is found"})


class Column(Schema):
    method = String(required=True)
    run = String(required=True, allow_none=True)
    problem = String(required=True, allow_none=True, metadata={"description": "Why there is no answer"})
    shortage = String(required=True, allow_none=True)
    models = List(Nested(Similar), required=True)


class SideBySideOut(Schema):
    id = String(required=True)
    methods = List(Nested(Column), required=True)


class RowOut(Schema):
    field = String(required=True)
    values = List(List(Raw()), required=True, metadata={"description": "Of each model its values, none where missing"})
    differs = Boolean(required=True)
    shared = List(Raw(), required=True, metadata={"description": "What all of them have"})


class ComparedPlace(Schema):
    asked = String(required=True, data_key="for", metadata={"description": "The model one looks at"})
    id = String(required=True, metadata={"description": "The one that is recommended, or not"})
    score = Float(required=True, allow_none=True)
    standing = Nested(StandingOut, required=True, allow_none=True, metadata={"description": "By a network"})
    reasons = List(Nested(ReasonOut), required=True)
    problem = String(required=True, allow_none=True, metadata={"description": "Why nobody knows"})


class PairOut(Schema):
    a = String(required=True)
    b = String(required=True)
    ancestor = String(
        required=True, allow_none=True, metadata={"description": "What both descend from, or one of them"}
    )
    descent = List(Nested(PathStep), required=True, metadata={"description": "The way over it"})
    both = List(Nested(ReasonOut), required=True, metadata={"description": "What both have"})
    places = List(Nested(ComparedPlace), required=True)


class CompareOut(Schema):
    models = List(String(), required=True)
    method = String(required=True)
    rows = List(Nested(RowOut), required=True)
    pairs = List(Nested(PairOut), required=True)


_BERT, _ROBERTA = "google-bert/bert-base-uncased", "FacebookAI/roberta-base"
FAMILY: dict[str, Any] = {
    "next": None,
    "prev": None,
    "id": "someone/whisper-small-de",
    "ancestry": [
        {
            "id": "someone/whisper-small-de",
            "base": "openai/whisper-small",
            "relation": "finetune",
            "inferred": False,
            "generation": 1,
        }
    ],
    "unresolved_bases": [],
    "children_total": 1,
    "kinds": {"quantized": 1},
    "children": [
        {
            "id": "someone/whisper-small-de-GGUF",
            "title": "whisper-small-de-GGUF",
            "relation": "quantized",
            "built_on": 0,
        }
    ],
    "page": 1,
    "more": False,
}
SIDE_BY_SIDE: dict[str, Any] = {
    "id": _BERT,
    "methods": [
        {
            "method": "cosine",
            "run": None,
            "problem": None,
            "shortage": None,
            "models": [{"id": _ROBERTA, "rank": 1, "score": 0.91, "in": 2}],
        }
    ],
}
COMPARE: dict[str, Any] = {
    "models": [_BERT, _ROBERTA],
    "method": "gat",
    "rows": [
        {"field": "task", "values": [["fill-mask"], ["fill-mask"]], "differs": False, "shared": ["fill-mask"]},
        {"field": "license", "values": [["apache-2.0"], ["mit"]], "differs": True, "shared": []},
    ],
    "pairs": [
        {
            "a": _BERT,
            "b": _ROBERTA,
            "ancestor": None,
            "descent": [],
            "both": [],
            "places": [
                {
                    "for": _BERT,
                    "id": _ROBERTA,
                    "score": 3.41,
                    "standing": WHY["standing"],
                    "reasons": [],
                    "problem": None,
                }
            ],
        }
    ],
}
