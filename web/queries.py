"""What a query may say: the fields of the forms and of the API, in one place."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Float, Integer, List, String
from apiflask.validators import Length, OneOf, Range
from marshmallow import ValidationError, pre_load

from graph.filters import Filters
from graph.languages import LANGUAGES
from graph.query_language import Query, parse
from graph.recommend import AUTHOR_METHODS, LIKED, METHODS, REASONS, SORTS
from graph.search import SORTS as SEARCH_SORTS
from graph.types import RELATIONS

#: What a value in JSON has to be for a field.
_PLAIN: tuple[tuple[type, tuple[type, ...]], ...] = ((Boolean, (bool,)), (Integer, (int,)), (Float, (int, float)))
_NAME = Length(min=1, max=200)
_NOVELTY = "From -1, well-trodden, to 1, hidden gems: how far what is downloaded much comes last"


def _about(text: str, example: Any = None) -> dict[str, Any]:
    return {"description": text} if example is None else {"description": text, "example": example}


class SearchQuery(Schema):
    """`GET /search`."""

    q = String(
        load_default="",
        validate=Length(max=400),
        metadata=_about(
            "Words in any order, whose meaning counts too, and filters such as license:mit, language:de or size:<3B",
            "sentence similarity language:de license:mit",
        ),
    )
    task = String(validate=_NAME, metadata=_about("Only this task", "sentence-similarity"))
    library = String(validate=_NAME, metadata=_about("Only this library"))
    license = String(validate=_NAME, metadata=_about("Only this licence"))
    sort = String(load_default="relevance", validate=OneOf(SEARCH_SORTS), metadata=_about("Order"))
    literal = Boolean(load_default=False, metadata=_about("Take words that no model has as they are"))
    forms = Boolean(load_default=False, metadata=_about("List quantisations and re-uploads by themselves"))
    page = Integer(load_default=1, validate=Range(1, 500), metadata=_about("Which page"))
    limit = Integer(load_default=20, validate=Range(1, 100), metadata=_about("Models on a page"))


class SuggestQuery(Schema):
    """`GET /suggestions`."""

    q = String(required=True, validate=Length(max=400), metadata=_about("What is typed so far", "license:ap"))


class PlacesQuery(Schema):
    """`GET /map/found`."""

    q = String(required=True, validate=Length(max=400), metadata=_about("As for a search", "bert license:mit"))


class MapQuery(Schema):
    """The map's page; what else its address may hold is for its script."""

    q = String(load_default="", validate=Length(max=400))
    colour = String(load_default="cluster", validate=OneOf(("cluster", "task", "library", "year")))


def _language() -> String:
    return String(load_default="en", validate=OneOf(tuple(LANGUAGES)), metadata=_about("What reasons are told in"))


class _Filtered(Schema):
    same_library = Boolean(load_default=False, metadata=_about("Only models of the same library"))
    same_task = Boolean(load_default=False, metadata=_about("Only models for the same task"))
    permissive = Boolean(load_default=False, metadata=_about("Only models under a permissive licence"))
    originals_only = Boolean(load_default=False, metadata=_about("No fine-tunes, adapters, merges or quantisations"))
    max_parameters = Integer(validate=Range(1, 10**15), metadata=_about("Only models with at most so many parameters"))
    has_gguf = Boolean(load_default=False, metadata=_about("Only models in GGUF or with a quantisation that is"))
    task = String(validate=_NAME, metadata=_about("Only this task"))
    library = String(validate=_NAME, metadata=_about("Only this library"))
    license = String(validate=_NAME, metadata=_about("Only this licence"))
    language = _language()


class _Choice(_Filtered):
    method = String(validate=OneOf(METHODS), metadata=_about("The algorithm; without it the best one in service"))
    k = Integer(load_default=10, validate=Range(1, 100), metadata=_about("How many"))
    sort = String(load_default="score", validate=OneOf(SORTS), metadata=_about("Order of the k best"))
    novelty = Float(load_default=0.0, validate=Range(-1, 1), metadata=_about(_NOVELTY))


class AuthorQuery(_Choice):
    """`GET /authors/<name>/recommendations`: not every method knows authors."""

    method = String(
        validate=OneOf(AUTHOR_METHODS),
        metadata=_about("The algorithm; without it what is stored for the author, or a network in service"),
    )


class ModelQuery(_Choice):
    """The model page's controls."""


class FamilyQuery(Schema):
    """`GET /family`."""

    id = String(required=True, validate=_NAME, metadata=_about("A model's id, an old one too", "openai/whisper-small"))
    kind = String(validate=OneOf(RELATIONS), metadata=_about("Only models made in this way"))
    page = Integer(load_default=1, validate=Range(1, 10_000), metadata=_about("Which page of them"))
    limit = Integer(load_default=20, validate=Range(1, 100), metadata=_about("Models on a page"))


class SideBySideQuery(_Filtered):
    """`GET /side-by-side`."""

    id = String(required=True, validate=_NAME, metadata=_about("A model's id, an old one too", "openai/whisper-small"))
    k = Integer(load_default=10, validate=Range(1, 100), metadata=_about("How many by each method"))


_TWO: dict[str, Any] = {"required": "Name two to four models, as a, b, c and d."}


class CompareQuery(Schema):
    """`GET /compare`."""

    a = String(
        required=True,
        validate=_NAME,
        error_messages=_TWO,
        metadata=_about("A model's id, an old one too", "google-bert/bert-base-uncased"),
    )
    b = String(
        required=True,
        validate=_NAME,
        error_messages=_TWO,
        metadata=_about("Another one", "FacebookAI/roberta-base"),
    )
    c = String(validate=_NAME, metadata=_about("A third one"))
    d = String(validate=_NAME, metadata=_about("A fourth one"))
    method = String(validate=OneOf(METHODS), metadata=_about("The algorithm; without it the best one in service"))
    k = Integer(load_default=10, validate=Range(1, 100), metadata=_about("How many are recommended"))
    language = _language()


class RecommendationsQuery(_Choice):
    """`GET /recommendations`."""

    id = List(
        String(validate=_NAME),
        required=True,
        validate=Length(1, 10),
        metadata=_about(
            "A model's id, an old one too; several together ask for what fits them all",
            ["google-bert/bert-base-uncased"],
        ),
    )
    reasons = String(load_default="first", validate=OneOf(REASONS), metadata=_about("Which reasons"))


class LikedBody(_Choice):
    """`POST /recommendations`."""

    liked = List(
        String(validate=_NAME),
        required=True,
        validate=Length(1, LIKED),
        metadata=_about("Ids of models that somebody liked, built or viewed; old ones too"),
    )
    reasons = String(load_default="first", validate=OneOf(REASONS), metadata=_about("Which reasons"))

    @pre_load
    def be_plain(self, data: Any, **_: Any) -> Any:
        """In JSON numbers and choices are written as such; in an address they are texts."""
        wrong: dict[str, list[str]] = {}
        for name, field in self.fields.items():
            value = data.get(name) if isinstance(data, dict) else None
            plain = next((types for of, types in _PLAIN if isinstance(field, of)), None)
            if value is not None and plain and type(value) not in plain:
                wrong[name] = [str(field.error_messages["invalid"])]
        if wrong:
            raise ValidationError(wrong)
        return data


class PersonQuery(_Choice):
    """What is recommended for a person."""

    source = String(
        validate=OneOf(("likes", "built", "views")), metadata=_about("Made from this alone; without it from all three")
    )


class WhyQuery(_Filtered):
    """`GET /why`; the filters say which models come into question."""

    a = String(
        required=True, validate=_NAME, metadata=_about("The model one looks at", "google-bert/bert-base-uncased")
    )
    b = String(required=True, validate=_NAME, metadata=_about("The model recommended", "FacebookAI/roberta-base"))
    method = String(validate=OneOf(METHODS), metadata=_about("The algorithm; without it the best one in service"))
    k = Integer(load_default=10, validate=Range(1, 100), metadata=_about("How many are recommended"))


def asked(given: dict[str, Any]) -> Query:
    """The query of a search, from its text and from the filters that have fields of their own, which are taken out of
    `given`. Raises `BadQuery`."""
    query = parse(given.pop("q"))
    for name in ("task", "library", "license"):
        value = given.pop(name, None)
        if value:
            query = query.having(name, value)
    return query


def filters_of(query: dict[str, Any]) -> Filters:
    """The filters among a query's fields."""
    given: dict[str, Any] = {name: query[name] for name in Filters.__slots__ if query.get(name) is not None}
    return Filters(**given)
