"""Recommendations: for models, for an author and for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec

from graph import advised, models, similarity
from graph.candidates import Asked, about_models, best
from graph.database import Database
from graph.errors import BadInput, NotBuilt, NotFound
from graph.filters import Filters
from graph.languages import shortage
from graph.phrases import too_few
from graph.ranking import ORDERS, Ranked, chosen, collapse, listed
from graph.reasons import FIRST, explain, for_liked, restored, together, told, with_rest
from graph.reasons import first as shown_first
from graph.score import Side, of_mean
from graph.sides import Sides, not_published, read_author, read_models
from graph.slots import ADVICE_METHOD, NETWORK_METHODS
from graph.types import Answer, Reason, Recommendation, ScoreWeights

__all__ = [
    "AUTHOR_METHODS",
    "METHODS",
    "REASONS",
    "SORTS",
    "Filters",
    "recommend",
    "recommend_for_author",
    "recommend_for_liked",
]

P = ParamSpec("P")

METHODS = (*NETWORK_METHODS, *similarity.METHODS)
#: What answers for authors; the first where a list is stored.
AUTHOR_METHODS = (ADVICE_METHOD, *NETWORK_METHODS)
SORTS = ("score", *ORDERS)
REASONS = ("first", "all", "none")

#: The most recommendations of one answer, and the most models that somebody may have liked.
MOST = 1000
LIKED = 100
#: How many more models are compared, at most, because of those that somebody does not want to see.
_BESIDE = 200


def _telling(answers: Callable[P, Answer]) -> Callable[P, Answer]:
    """What answers, and says where filters leave fewer models than were asked for."""

    @wraps(answers)
    def told(*given: P.args, **named: P.kwargs) -> Answer:
        answer = answers(*given, **named)
        return replace(answer, shortage=shortage(answer))

    return told


@_telling
def recommend(
    db: Database,
    ids: Sequence[str],
    *,
    method: str = "gat",
    k: int = 20,
    sort: str = "score",
    filters: Filters = Filters(),  # noqa: B008 - frozen
    reasons: str = "first",
    novelty: float = 0.0,
    resolved: bool = False,
) -> Answer:
    """The `k` best models for one model, or for several at once (the mean of their scores).

    `ids` may be written as `models.resolve` takes them, unless they are `resolved` already. `sort` orders the k best:
    score, downloads, likes or newest. `reasons`: the three to show first, all, or none; where there are some, the last
    is the rest and contributions add up to the score. `novelty`, from -1 (well-trodden) to 1 (hidden gems), takes so
    much of a model's popularity from its score (`graph.novelty`). Raises `NotFound`, `BadInput` and `NotBuilt`.
    """
    check(method, k, sort, reasons, novelty=novelty)
    if not ids:
        raise BadInput("No model was given.", "Name one: hfmrs recommend ID")
    known = list(dict.fromkeys(ids)) if resolved else models.resolve_all(db, ids)
    query = {"ids": known, **asked_for(k, sort, filters, novelty)}
    if method in similarity.METHODS:
        made = similarity.recommend(
            db, known, method, k=k, sort=sort, filters=filters, reasons=reasons, novelty=novelty
        )
        return Answer(query, method, None, made)
    stored = _stored(db, known[0], method, k, filters) if len(known) == 1 and not novelty else None
    if stored and reasons == "first":
        run, ranked, texts = stored
        return Answer(query, method, run, listed(method, ranked, sort, texts))
    silent: tuple[str, ...] = ()
    if stored:
        run, ranked = stored[:2]
    else:
        service, asked = about_models(db, known, method)
        run, (ranked, silent) = service.run, best(db, service, asked, k, filters, novelty)
    if not ranked and not filters.task:
        return Answer(query, method, run, (), silent=silent)
    if reasons == "none":
        return Answer(query, method, run, listed(method, ranked, sort, {}))
    sides = read_models(db, method, [*known, *(each.card.id for each in ranked)])
    side = together([sides.of(each) for each in known])
    weights = of_mean(sides.service.weights["model"], side.embedding, side.text)
    made = _explained(ranked, sort, sides, taken_apart(side, sides, weights, reasons), reasons)
    return Answer(query, method, sides.service.run, made)


@_telling
def recommend_for_liked(
    db: Database,
    liked: Sequence[str],
    *,
    method: str = "gat",
    k: int = 20,
    sort: str = "score",
    filters: Filters = Filters(),  # noqa: B008 - frozen
    reasons: str = "first",
    novelty: float = 0.0,
    without: Collection[str] = (),
    shown: int | None = None,
) -> Answer:
    """The `k` best models for somebody who liked, built or viewed up to `LIKED` models: the mean of what each of these
    gives, so that every reason names the one it comes from. Arguments and errors as of `recommend`.

    What the run does not know yet is passed over while it knows others, and `fallback` of the answer says so.
    Nothing is learned or stored of the person. Other forms of the liked models are left out, and so are the models
    `without` with theirs. `shown`: how many of the k best are answered, the first in the order `sort`.
    """
    check(method, k, sort, reasons, novelty=novelty)
    if not liked:
        raise BadInput("No liked model was given.", "Name one: hfmrs recommend --liked ID")
    if len(liked) > LIKED:
        raise BadInput(f"{len(liked)} liked models are too many.", f"Give at most {LIKED}, such as the latest.")
    known = models.resolve_all(db, liked)
    query = {"liked": known, **asked_for(min(k, shown or k), sort, filters, novelty)}
    if method in similarity.METHODS:
        made = similarity.recommend(
            db,
            known,
            method,
            k=k,
            sort=sort,
            filters=filters,
            reasons=reasons,
            novelty=novelty,
            liked=True,
            without=without,
            shown=shown,
        )
        return Answer(query, method, None, made)
    service, asked = about_models(db, known, method, variants=False)
    new = [each for each in known if each not in {card.id for card in asked.cards}]
    fallback = f"The {method} network does not know {', '.join(new)} yet: this goes by the others." if new else None
    known = [card.id for card in asked.cards]
    found, silent = best(db, service, asked, k + min(len(without), _BESIDE), filters, novelty)
    ranked = chosen(found, k, sort, without, shown)
    if not found and not filters.task:
        return Answer(query, method, service.run, (), fallback, silent=silent)
    if reasons == "none":
        return Answer(query, method, service.run, listed(method, ranked, sort, {}), fallback)
    sides = read_models(db, method, [*known, *(each.card.id for each in ranked)])
    terms, weights = sides.service.terms, sides.service.weights["model"]
    mine = [sides.of(each) for each in known]
    most = FIRST if reasons == "first" else len(mine)

    def explained(item: Side) -> Sequence[Reason]:
        return for_liked(mine, item, terms=terms, weights=weights, known=sides.known, most=most)

    return Answer(query, method, sides.service.run, _explained(ranked, sort, sides, explained, reasons), fallback)


@_telling
def recommend_for_author(
    db: Database,
    author: str,
    *,
    method: str | None = None,
    k: int = 20,
    sort: str = "score",
    filters: Filters = Filters(),  # noqa: B008 - frozen
    reasons: str = "first",
    novelty: float = 0.0,
) -> Answer:
    """The `k` models an author may build on next, none of their own. Arguments and errors as of `recommend`.

    Without a `method`, what the last build has stored for the author; where nothing is, or the filters and `k` ask for
    more, the network in service.
    """
    if method in similarity.METHODS:
        raise BadInput(f"{method} knows no authors.", f"Take one of: {', '.join(AUTHOR_METHODS)}.")
    check(method or ADVICE_METHOD, k, sort, reasons, AUTHOR_METHODS, novelty)
    need_author(db, author)
    query = {"author": author, **asked_for(k, sort, filters, novelty)}
    fallback = None
    if method in (None, ADVICE_METHOD):
        found = advised.recommend(
            db, author, ADVICE_METHOD, k=k, sort=sort, filters=filters, reasons=reasons, novelty=novelty
        )
        if found and (method or len(found[1]) == k):
            return Answer(query, ADVICE_METHOD, *found)
        if method:
            raise NotBuilt(f"{method} has stored nothing for {author}.", "Run hfmrs build, or take another method.")
        there = {row["method"] for row in db.read("publish/current")}
        method = next((each for each in NETWORK_METHODS if each in there), NETWORK_METHODS[0])
        fallback = too_few(ADVICE_METHOD, author, len(found[1]), method) if found else None
    asked = read_author(db, method, author)
    side = asked.of(author)
    weights = asked.service.weights["author"]
    ranked, _ = best(db, asked.service, Asked("author", side.embedding, weights, author=author), k, filters, novelty)
    if reasons == "none":
        return Answer(query, method, asked.service.run, listed(method, ranked, sort, {}), fallback)
    sides = read_models(db, method, [each.card.id for each in ranked])
    pairs = taken_apart(side, sides, sides.service.weights["author"], reasons)
    made = _explained(ranked, sort, sides, pairs, reasons)
    return Answer(query, method, sides.service.run, made, fallback)


def check(method: str, k: int, sort: str, reasons: str, methods: Sequence[str] = METHODS, novelty: float = 0.0) -> None:
    """Raises `BadInput` where one of these is none that there is."""
    for what, value, known in (("method", method, methods), ("sort order", sort, SORTS), ("choice", reasons, REASONS)):
        if value not in known:
            raise BadInput(f"There is no {what} {value!r}.", f"Known are: {', '.join(known)}.")
    if not 1 <= k <= MOST:
        raise BadInput(f"k is {k}.", f"Ask for 1 to {MOST} models.")
    if not -1.0 <= novelty <= 1.0:
        raise BadInput(f"novelty is {novelty}.", "Give a number from -1 (well-trodden) to 1 (hidden gems).")


def need_author(db: Database, author: str) -> None:
    """Raises `NotFound` where there is none of this name."""
    if not db.read("explore/author", name=author):
        raise NotFound(f"There is no author {author!r}.", "An author is what stands before the / of a model's id.")


def asked_for(k: int, sort: str, filters: Filters, novelty: float) -> dict[str, Any]:
    """What an answer tells of how it was asked."""
    return {"k": k, "sort": sort, "filters": filters.given(), "novelty": novelty}


def _stored(
    db: Database, id: str, method: str, k: int, filters: Filters
) -> tuple[str, list[Ranked], dict[str, tuple[Reason, ...]]] | None:
    """The run, the k best and their first reasons, where that many were stored and pass the filters."""
    rows = db.read("recommend/links", id=id, method=method)
    if not rows:
        raise not_published(method)
    rows = [row for row in rows if row["card"]]
    if len(rows) < k:
        return None
    asked = list(models.cards(db, [id]).values()) if filters.same_library or filters.same_task else []
    cards = {row["card"]["id"]: models.card_of(row["card"]) for row in rows}
    passing = [row for row in rows if filters.allows(cards[row["card"]["id"]], asked)]
    ranked = collapse((cards[row["card"]["id"]], row["card"].get("nameKey"), row["score"]) for row in passing)[:k]
    if len(ranked) < k:
        return None
    wanted = {each.card.id: each.score for each in ranked}
    reasons = {
        row["card"]["id"]: with_rest([restored(each) for each in json.loads(row["reasons"] or "[]")], row["score"])
        for row in passing
        if row["card"]["id"] in wanted
    }
    return rows[0]["run"], ranked, reasons


def _explained(
    ranked: Sequence[Ranked], sort: str, sides: Sides, explained: Callable[[Side], Sequence[Reason]], reasons: str
) -> tuple[Recommendation, ...]:
    """Recommendations with all their reasons, or the first ones, out of what is `explained` of each; models that left
    the run meanwhile are left out."""
    there = [each for each in ranked if each.card.id in sides.sides]
    made = {
        each.card.id: told(explained(sides.sides[each.card.id]), each.beside, each.score, reasons) for each in there
    }
    return listed(sides.service.slot.method, there, sort, made)


def taken_apart(
    query: Side, sides: Sides, weights: ScoreWeights, reasons: str = "all"
) -> Callable[[Side], Sequence[Reason]]:
    """How a score for `query` by `weights` is taken apart: into all reasons, or ("first") those shown first."""
    known = sides.known
    if reasons == "first":
        return lambda item: shown_first(query, item, terms=sides.service.terms, weights=weights, known=known)
    return lambda item: explain(
        query,
        item,
        terms=sides.service.terms,
        weights=weights,
        degrees=known.degrees,
        models=known.models,
        relations=known.relations,
        as_of=known.as_of,
    )
