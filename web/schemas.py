"""The shapes of the API's answers, for its OpenAPI description, each with an example."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, DateTime, Dict, Float, Integer, List, Nested, Raw, String
from apiflask.validators import Length, OneOf, Range

from graph.types import REASON_KINDS

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence"},
        "hint": {"type": "string", "description": "The next thing to do"},
        "errors": {"type": "object", "description": "Sentences by place and field"},
    },
}


class Node(Schema):
    label = String(required=True)
    id = String(required=True)


class PathStep(Schema):
    from_ = Nested(Node, data_key="from", required=True)
    relationship = String(required=True)
    to = Nested(Node, required=True)


class ReasonOut(Schema):
    kind = String(required=True, validate=OneOf(REASON_KINDS))
    text = String(required=True)
    contribution = Float(required=True, allow_none=True, metadata={"description": "Its share of the score; null: none"})
    path = List(Nested(PathStep), required=True)
    cypher = String(required=True, metadata={"description": "The statement that shows it"})
    params = Dict(keys=String(), required=True)
    link = String(required=True, metadata={"description": "The page that runs the statement; empty without one"})


class RecommendationOut(Schema):
    id = String(required=True)
    rank = Integer(required=True)
    score = Float(required=True)
    variants = List(String(), required=True)
    reasons = List(Nested(ReasonOut), required=True)


class StandingOut(Schema):
    rank = Integer(required=True, allow_none=True, metadata={"description": "null: it does not come into question"})
    of = Integer(required=True, metadata={"description": "How many models come into question"})
    k = Integer(required=True)
    recommended = Boolean(required=True, metadata={"description": "Whether it is among the first k"})
    place = String(required=True, metadata={"description": "A sentence"})
    why_not = List(String(), required=True, metadata={"description": "Sentences; none where it is recommended"})


class AnswerOut(Schema):
    query = Dict(keys=String(), required=True)
    method = String(required=True)
    run = String(required=True, allow_none=True)
    recommendations = List(Nested(RecommendationOut), required=True)
    fallback = String(metadata={"description": "Why it is not by the method that answers such a question otherwise"})
    shortage = String(
        metadata={"description": "That filters leave fewer models than were asked for, or that too little is known"}
    )
    standing = Nested(StandingOut, metadata={"description": "Of a pair, by a network: where the second model stands"})


class Card(Schema):
    id = String(required=True)
    title = String(required=True)
    author = String(allow_none=True)
    task = String(allow_none=True)
    library = String(allow_none=True)
    license = String(allow_none=True)
    downloads = Integer(allow_none=True)
    likes = Integer(allow_none=True)
    created_at = DateTime(allow_none=True)
    last_modified = DateTime(allow_none=True)
    parameters = Integer(allow_none=True)
    relation = String(allow_none=True)
    gguf = Boolean(allow_none=True, metadata={"description": "A GGUF form of it is known; not said in a search"})


class FacetValue(Schema):
    value = String(required=True)
    count = Integer(required=True)
    at_least = Boolean(required=True, metadata={"description": "The count is a lower bound"})


class FoundCard(Card):
    forms = List(String(), required=True, metadata={"description": "Quantisations and re-uploads of it"})


class Alternative(Schema):
    query = String(required=True)
    field = String(required=True)
    value = String(required=True, allow_none=True, metadata={"description": "null: without this field"})
    count = Integer(required=True, allow_none=True)


class NameOut(Schema):
    name = String(required=True)
    models = Integer(required=True, metadata={"description": "How many models have it"})


class Paged(Schema):
    next = String(required=True, allow_none=True, metadata={"description": "The next page, as in the header Link"})
    prev = String(required=True, allow_none=True, metadata={"description": "The page before"})


class SearchOut(Paged):
    query = String(required=True, metadata={"description": "What was looked for, in the query language"})
    corrected = Boolean(required=True, metadata={"description": "A word that no model has was taken for another"})
    notes = List(String(), required=True, metadata={"description": "Sentences for people"})
    total = Integer(required=True, metadata={"description": "Models, forms of one model too"})
    total_is_lower_bound = Boolean(required=True)
    more = Boolean(required=True, metadata={"description": "There is a next page"})
    models = List(Nested(FoundCard), required=True)
    facets = Dict(keys=String(), values=List(Nested(FacetValue)), required=True)
    alternatives = List(
        Nested(Alternative),
        required=True,
        metadata={"description": "Where nothing is found: what would find something"},
    )


class PagedList(Paged):
    total = Integer(required=True, metadata={"description": "On all pages"})


class NamesOut(PagedList):
    names = List(Nested(NameOut), required=True)


class AboutOut(Schema):
    author = String(allow_none=True)
    likes = Integer(allow_none=True)
    downloads = Integer(allow_none=True)
    created = DateTime(allow_none=True)
    description = String(allow_none=True)


class StatementOut(Schema):
    cypher = String(required=True)
    params = Dict(keys=String(), required=True)


class MonthOut(Schema):
    month = String(required=True)
    models = Integer(required=True)
    share = Float(required=True, metadata={"description": "Of all models made in the month"})


class KindOut(Schema):
    kind = String(required=True)
    name = String(required=True)
    models = Integer(required=True)
    share = Float(required=True, metadata={"description": "Of all models"})
    query = String(required=True, metadata={"description": "The search that finds its models"})
    most_used = List(Nested(Card), required=True)
    newest = List(Nested(Card), required=True)
    beside = Dict(keys=String(), values=List(Nested(NameOut)), required=True)
    looked_at = Integer(required=True, metadata={"description": "How many models `beside` is counted over"})
    growth = List(
        Nested(MonthOut),
        required=True,
        metadata={"description": "By the month in which they were made; none of what fewer than five models have"},
    )
    statements = Dict(keys=String(), values=Nested(StatementOut), required=True)
    about = Nested(AboutOut, required=True, allow_none=True, metadata={"description": "Of a dataset"})
    hub = String(required=True, metadata={"description": "Its page on the Hub"})


class SuggestionOut(Schema):
    kind = String(required=True, metadata={"description": "model, field, or the field of a value"})
    value = String(required=True)
    query = String(required=True, metadata={"description": "The text with it in its place; of a model its id"})
    models = Integer(allow_none=True, metadata={"description": "How many models have it; of a model its downloads"})


class SuggestionsOut(Schema):
    suggestions = List(Nested(SuggestionOut), required=True)


class Base(Schema):
    id = String(required=True)
    relation = String(required=True)
    inferred = Boolean(required=True, metadata={"description": "Read from names and tags"})


class Child(Schema):
    id = String(required=True)
    relation = String(allow_none=True)


class ModelOut(Card):
    description = String(allow_none=True)
    facts = Dict(keys=String(), values=List(String()), required=True)
    gated = String(allow_none=True)
    model_type = String(allow_none=True)
    likely_task = String(
        allow_none=True, metadata={"description": "Where it says no task: the one that all else tells"}
    )
    bases = List(Nested(Base), required=True)
    children = List(Nested(Child), required=True)
    children_total = Integer(required=True)
    aliases = List(String(), required=True)


class RunOut(Schema):
    method = String(required=True)
    run = String(required=True, allow_none=True)
    created_at = DateTime(allow_none=True)
    metrics = Dict(keys=String(), required=True)


class MethodsOut(Schema):
    methods = List(Nested(RunOut), required=True)


class SectionOut(Schema):
    id = String(required=True)
    title = String(required=True)
    text = String(required=True, metadata={"description": "What is seen, in words"})
    rows = List(Dict(keys=String()), required=True)


class ReportOut(Schema):
    sections = List(Nested(SectionOut), required=True)


class HealthOut(Schema):
    status = String(required=True, validate=OneOf(("ok",)))
    models = Integer(required=True)


class QueryIn(Schema):
    cypher = String(required=True, validate=Length(1, 20_000), metadata={"description": "A statement that only reads"})
    params = Dict(
        keys=String(), values=Raw(allow_none=True), load_default=dict, metadata={"description": "Its parameters"}
    )
    limit = Integer(
        strict=True, validate=Range(1, 10_000), metadata={"description": "Most rows; the server's own limit holds too"}
    )


class TableOut(Schema):
    columns = List(String(), required=True)
    rows = List(List(Raw(allow_none=True)), required=True)
    truncated = Boolean(required=True)
    milliseconds = Float(required=True)
    notes = List(String(), required=True, metadata={"description": "Labels, types and properties that are not there"})


_BERT, _ROBERTA = "google-bert/bert-base-uncased", "FacebookAI/roberta-base"
ANSWER = {
    "query": {"ids": [_BERT], "k": 1},
    "method": "gat",
    "run": "gat-20260101-120000",
    "recommendations": [
        {
            "id": _ROBERTA,
            "rank": 1,
            "score": 3.41,
            "variants": [],
            "reasons": [
                {
                    "kind": "evidence",
                    "text": "Both were trained on the dataset bookcorpus.",
                    "contribution": 0.62,
                    "path": [
                        {
                            "from": {"label": "Model", "id": model},
                            "relationship": "TRAINED_ON",
                            "to": {"label": "Dataset", "id": "bookcorpus"},
                        }
                        for model in (_BERT, _ROBERTA)
                    ],
                    "cypher": "MATCH (:Model {id: $a})-[:TRAINED_ON]->(d)<-[:TRAINED_ON]-(:Model {id: $b}) RETURN d.id",
                    "params": {"a": _BERT, "b": _ROBERTA},
                    "link": "/query?cypher=MATCH%20…",
                },
                {
                    "kind": "rest",
                    "text": "Everything else.",
                    "contribution": 2.79,
                    "path": [],
                    "cypher": "",
                    "params": {},
                    "link": "",
                },
            ],
        }
    ],
}
WHY = ANSWER | {
    "query": {"ids": [_BERT], "other": _ROBERTA, "k": 10, "filters": {}},
    "standing": {
        "rank": 3,
        "of": 38,
        "k": 10,
        "recommended": True,
        "place": "It is number 3 of the 38 models that come into question.",
        "why_not": [],
    },
}
LIKED = {"liked": [_BERT, "openai/whisper-small"], "k": 1, "novelty": 0.5, "permissive": True}
FOR_LIKED = ANSWER | {
    "query": {"liked": LIKED["liked"], "k": 1, "sort": "score", "filters": {"permissive": True}, "novelty": 0.5}
}
_CARD = {
    "id": _ROBERTA,
    "title": "roberta-base",
    "author": "FacebookAI",
    "task": "fill-mask",
    "library": "transformers",
}
SEARCH = {
    "query": "roberta license:mit",
    "corrected": False,
    "notes": [],
    "total": 2,
    "total_is_lower_bound": False,
    "more": False,
    "next": None,
    "prev": None,
    "models": [_CARD | {"forms": ["someone/roberta-base-onnx"]}],
    "facets": {"task": [{"value": "fill-mask", "count": 2, "at_least": False}]},
    "alternatives": [],
}
SUGGESTIONS = {
    "suggestions": [{"kind": "license", "value": "apache-2.0", "query": "license:apache-2.0 ", "models": 3039}]
}
PAGED: dict[str, Any] = {"next": None, "prev": None}
NAMES = {"names": [], "total": 1} | PAGED
KIND = {
    "kind": "task",
    "name": "fill-mask",
    "models": 41,
    "share": 0.02144,
    "query": "task:fill-mask",
    "most_used": [_CARD],
    "newest": [_CARD],
    "beside": {"library": [{"name": "transformers", "models": 40}]},
    "looked_at": 41,
    "growth": [{"month": "2022-03", "models": 24, "share": 0.080537}],
    "statements": {"newest": {"cypher": "MATCH (m:Model) …", "params": {"task": "fill-mask", "limit": 8}}},
    "about": None,
    "hub": "https://huggingface.co/models?pipeline_tag=fill-mask",
}
MODEL = _CARD | {
    "description": "A language model for English.",
    "facts": {"Dataset": ["bookcorpus"], "Language": ["en"]},
    "bases": [],
    "children": [],
    "children_total": 0,
    "aliases": ["roberta-base"],
}
METHODS: dict[str, Any] = {"methods": [{"method": "cosine", "run": None, "created_at": None, "metrics": {}}]}
REPORT = {
    "sections": [
        {
            "id": "tasks",
            "title": "Tasks",
            "text": "58 % of the models name a task; there are 34 tasks, and text-generation has the most.",
            "rows": [{"name": "text-generation", "models": 2070, "share": 0.239, "downloads": 6048848}],
        }
    ]
}
TABLE = {
    "columns": ["task", "models"],
    "rows": [["fill-mask", 41]],
    "truncated": False,
    "milliseconds": 3.2,
    "notes": [],
}
QUERY = {
    "cypher": "MATCH (m:Model)-[:FOR_TASK]->(t:Task {name: $task}) RETURN t.name AS task, count(m) AS models",
    "params": {"task": "fill-mask"},
}
