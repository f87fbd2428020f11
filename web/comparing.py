"""Two to four models side by side: what differs, how they are related, and where each stands among what is recommended
for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flask import render_template, request, url_for

from graph.comparing import MOST, Descent, Row, check, descent, rows
from graph.errors import HfmrsError, NotBuilt
from graph.languages import translated
from graph.models import ModelPage, UnknownModel
from graph.reasons import FIRST
from graph.types import Answer, Reason, Standing
from web import words
from web.controls import forgiving, methods, same_as_json, shown
from web.errors import kind_of
from web.links import address_of, console_address
from web.queries import CompareQuery
from web.service import service

#: The fields that models are given in, and how many more than can be compared are looked for.
FIELDS = ("a", "b", "c", "d")
_FURTHER = ("e", "f", "g", "h")
#: How many facts that both have are told of a pair.
_TOLD = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where model `b` stands among what is recommended for `a`; `problem` says why nobody knows."""

    a: str
    b: str
    score: float | None = None
    standing: Standing | None = None
    first: tuple[Reason, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """How two models are related: by descent, by what both have, and by what recommends one for the other."""

    a: str
    b: str
    descent: Descent | None
    both: tuple[Reason, ...]
    places: tuple[Place, Place]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Models, their facts in rows, and how each two of them are related."""

    models: tuple[ModelPage, ...]
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]


def given() -> list[str]:
    """The models of the address, in the order of the fields."""
    return [value for name in (*FIELDS, *_FURTHER) if (value := request.args.get(name, "").strip()[:200])]


def compared(ids: Sequence[str], method: str, k: int, language: str) -> Comparison:
    """Models by their present ids. Raises `BadInput`."""
    check(ids)
    found = service()
    pages = tuple(found.facts(each) for each in ids)
    answers = {
        pair: translated(each, language) if isinstance(each, Answer) else each
        for pair, each in found.why_each(ids, method, k).items()
    }
    pairs = []
    for a, b in combinations(ids, 2):
        one, other = answers[a, b], answers[b, a]
        told = one.recommendations[0].reasons if isinstance(one, Answer) else ()
        both = [each for each in told if each.kind == "evidence" and not each.common and _shared(each, a, b)]
        pairs.append(
            Pair(
                a,
                b,
                descent(a, found.ancestry(a), b, found.ancestry(b)),
                tuple(both[:_TOLD]),
                (_place(a, b, one), _place(b, a, other)),
            )
        )
    return Comparison(pages, rows(pages), tuple(pairs))


def _shared(reason: Reason, a: str, b: str) -> bool:
    """Whether a reason's path joins the two by way of something else."""
    ends = {key for step in reason.path for _, key in (step.start, step.end)}
    return len(reason.path) > 1 and {a, b} <= ends


def _place(a: str, b: str, answer: Answer | NotBuilt) -> Place:
    if isinstance(answer, NotBuilt):
        return Place(a, b, problem=answer.message)
    recommendation = answer.recommendations[0]
    return Place(a, b, recommendation.score, answer.standing, shown(recommendation.reasons)[:FIRST])


def page() -> tuple[str, int]:
    """The page, with a form for what is missing; where the models cannot be compared, it says why."""
    found, typed = service(), given()
    query = forgiving(CompareQuery(exclude=FIELDS, unknown="exclude"))
    method = query.get("method") or found.method()
    problem: HfmrsError | None = None
    comparison, status = None, 200
    instead: list[tuple[str, str]] = []
    ids: list[str] = []
    try:
        if len(typed) > MOST:
            check(typed)
        for place, text in zip(FIELDS, typed, strict=False):
            try:
                ids.append(found.resolve(text))
            except UnknownModel as error:
                instead = [(each, _with(typed, place, each)) for each in error.suggestions]
                raise
        if len(ids) > 1:
            comparison = compared(ids, method, query["k"], query["language"])
    except HfmrsError as error:
        problem, status = error, kind_of(error).status
    address = same_as_json(url_for("around_api.compare"), method=method)
    return render_template(
        "compare.html",
        fields=[(name, (ids if comparison else typed)[number : number + 1]) for number, name in enumerate(FIELDS)],
        problem=problem,
        instead=instead,
        comparison=comparison,
        row_words=words.ROWS,
        method=method,
        methods=methods(),
        pair={"k": query["k"]},
        address_of=address_of,
        api_address=address,
        without={each: _without(ids, each) for each in ids} if len(ids) > 2 else {},
    ), status


def _with(typed: Sequence[str], field: str, id: str) -> str:
    """This comparison with another model in a field."""
    put = dict(zip(FIELDS, typed[:MOST], strict=False)) | {field: id}
    return url_for("around.compare", **put)  # type: ignore[arg-type]


def _without(ids: Sequence[str], id: str) -> str:
    """This comparison without one of its models."""
    left = [each for each in ids if each != id]
    return address_of(**dict(zip(FIELDS, [*left, *[None] * MOST], strict=False)))


def _reason(reason: Reason) -> dict[str, Any]:
    return reason.as_json() | {"link": console_address(reason.cypher, reason.params) if reason.cypher else ""}


def as_json(comparison: Comparison, method: str) -> dict[str, Any]:
    """A comparison for the API."""

    def place(each: Place) -> dict[str, Any]:
        return {
            "for": each.a,
            "id": each.b,
            "score": each.score,
            "standing": each.standing.as_json() if each.standing else None,
            "reasons": [_reason(reason) for reason in each.first],
            "problem": each.problem,
        }

    return {
        "models": [page.card.id for page in comparison.models],
        "method": method,
        "rows": [
            {
                "field": row.field,
                "values": [list(each) for each in row.values],
                "differs": row.differs,
                "shared": [each for each in row.values[0] if each in row.shared],
            }
            for row in comparison.rows
        ],
        "pairs": [
            {
                "a": pair.a,
                "b": pair.b,
                "ancestor": pair.descent.ancestor if pair.descent else None,
                "descent": [step.as_json() for step in pair.descent.path] if pair.descent else [],
                "both": [_reason(reason) for reason in pair.both],
                "places": [place(each) for each in pair.places],
            }
            for pair in comparison.pairs
        ],
    }
