"""What the API takes and answers about the person who asks."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, DateTime, Dict, Integer, List, Nested, String
from apiflask.validators import Length

from web.schemas import PAGED, PagedList

_NAME = Length(min=1, max=100)


class ProfileOut(Schema):
    name = String(required=True)
    hub_name = String(required=True, allow_none=True, metadata={"description": "Their name on the Hub, where known"})
    keeps_views = Boolean(required=True, metadata={"description": "Whether they asked that views are kept"})
    created_at = DateTime(required=True)
    csrf_token = String(required=True, metadata={"description": "For the header X-CSRFToken of what changes something"})
    counts = Dict(keys=String(), values=Integer(), required=True)


class _YesOrNo(Boolean):
    """true or false; 0 and 1 are neither, though equal to them in Python."""

    def _deserialize(self, value: Any, *more: Any, **named: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class ProfileIn(Schema):
    hub_name = String(allow_none=True, validate=Length(max=100), metadata={"description": "null: not known"})
    keeps_views = _YesOrNo(metadata={"description": "false also deletes the views kept"})


class MarkedModel(Schema):
    id = String(required=True)
    at = DateTime(required=True)


class ModelsOut(PagedList):
    models = List(Nested(MarkedModel), required=True, metadata={"description": "The latest first"})


class MarkOut(Schema):
    id = String(required=True, metadata={"description": "The id that the model has now"})


class NameIn(Schema):
    name = String(required=True, validate=_NAME)


class CollectionOut(Schema):
    id = String(required=True)
    name = String(required=True)
    created_at = DateTime(required=True)
    size = Integer(required=True, metadata={"description": "How many models lie in it"})


class CollectionsOut(PagedList):
    collections = List(Nested(CollectionOut), required=True)


class MadeCollectionOut(CollectionOut):
    """A description of its own: the same shape alone and in a list would be described twice."""


class WholeCollectionOut(CollectionOut):
    models = List(Nested(MarkedModel), required=True)


class SearchIn(NameIn):
    query = String(
        required=True,
        validate=Length(max=1000),
        metadata={"description": "What stands behind the ? of the search page's address"},
    )


class SavedSearchOut(Schema):
    id = String(required=True)
    name = String(required=True)
    query = String(required=True)
    created_at = DateTime(required=True)


class MadeSearchOut(SavedSearchOut):
    """As `MadeCollectionOut`."""


class SearchesOut(PagedList):
    searches = List(Nested(SavedSearchOut), required=True)


class ExportOut(Schema):
    name = String(required=True)
    hub_name = String(required=True, allow_none=True)
    keeps_views = Boolean(required=True)
    created_at = DateTime(required=True)
    signs_in_as = List(Dict(keys=String(), values=String()), required=True)
    likes = List(Nested(MarkedModel), required=True)
    dismissals = List(Nested(MarkedModel), required=True)
    views = List(Nested(MarkedModel), required=True)
    collections = List(Dict(keys=String()), required=True)
    searches = List(Nested(SavedSearchOut), required=True)


_AT = "2026-01-01T12:00:00+00:00"
_MODEL = {"id": "openai/whisper-small", "at": _AT}
PROFILE: dict[str, Any] = {
    "name": "You",
    "hub_name": None,
    "keeps_views": False,
    "created_at": _AT,
    "csrf_token": "ImFi…",
    "counts": {"likes": 1, "dismissals": 0, "views": 0, "collections": 1, "searches": 0},
}
CHANGE = {"hub_name": "google-bert", "keeps_views": True}
_WHOLE = PAGED | {"total": 1}
MODELS = {"models": [_MODEL], **_WHOLE}
MARK = {"id": _MODEL["id"]}
NAME = {"name": "For the phone"}
COLLECTION = {"id": "p5Vd0Lk1jQm3yXc7bZ9a2w", "name": "For the phone", "created_at": _AT, "size": 1}
COLLECTIONS = {"collections": [COLLECTION], **_WHOLE}
WHOLE_COLLECTION = COLLECTION | {"models": [_MODEL]}
SEARCH = {"name": "German speech", "query": "q=german+speech"}
SAVED_SEARCH = {"id": "p5Vd0Lk1jQm3yXc7bZ9a2w", **SEARCH, "created_at": _AT}
SEARCHES = {"searches": [SAVED_SEARCH], **_WHOLE}
EXPORT = {
    "name": "You",
    "hub_name": None,
    "keeps_views": False,
    "created_at": _AT,
    "signs_in_as": [{"issuer": "https://huggingface.co", "subject": "0123456789abcdef"}],
    "likes": [_MODEL],
    "dismissals": [],
    "views": [],
    "collections": [WHOLE_COLLECTION],
    "searches": [SAVED_SEARCH],
}
