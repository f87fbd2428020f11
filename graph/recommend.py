"""Recommendations: for models, for an author, and why one model is recommended for another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from graph import advised, models, similarity
from graph.database import Database
from graph.errors import BadInput, NotBuilt, NotFound
from graph.filters import Filters
from graph.phrases import too_few
from graph.ranking import ORDERS, Ranked, collapse, listed
from graph.reasons import explain, shown, together, with_rest
from graph.score import CANDIDATES, Side, nearness, score, score_pair
from graph.sides import (
    QueryKind,
    Service,
    Sides,
    not_known,
    not_published,
    read_author,
    read_models,
    service_of,
    vector,
)
from graph.slots import ADVICE_METHOD, NETWORK_METHODS
from graph.types import Answer, FloatArray, ModelCard, Reason, Recommendation, Step

__all__ = ["AUTHOR_METHODS", "METHODS", "REASONS", "SORTS", "Filters", "recommend", "recommend_for_author", "why"]

METHODS = (*NETWORK_METHODS, *similarity.METHODS)
#: What answers for authors; the first where a list is stored.
AUTHOR_METHODS = (ADVICE_METHOD, *NETWORK_METHODS)
SORTS = ("score", *ORDERS)
REASONS = ("first", "all", "none")

TEXT_INDEX = "model_textEmbedding"

#: How many models an index is asked for, at least: it is approximate, and there are two of them.
_SOUGHT = 100

#: The most recommendations of one answer.
MOST = 1000


def recommend(
    db: Database,
    ids: Sequence[str],
    *,
    method: str = "gat",
    k: int = 20,
    sort: str = "score",
    filters: Filters = Filters(),  # noqa: B008 - frozen
    reasons: str = "first",
) -> Answer:
    """The `k` best models for one model, or for several at once (the mean of their scores).

    `ids` may be written as `models.resolve` takes them. `sort` orders the k best: score, downloads, likes or newest.
    `reasons`: the three to show first, all, or none; where there are some, the last is the rest and contributions add
    up to the score. Raises `NotFound`, `BadInput` and `NotBuilt`.
    """
    _check(method, k, sort, reasons)
    if not ids:
        raise BadInput("No model was given.", "Name one: hfmrs recommend ID")
    known = list(dict.fromkeys(models.resolve(db, each) for each in ids))
    query = {"ids": known, **_asked(k, sort, filters)}
    if method in similarity.METHODS:
        made = similarity.recommend(db, known, method, k=k, sort=sort, filters=filters, reasons=reasons)
        return Answer(query, method, None, made)
    stored = _stored(db, known[0], method, k, filters) if len(known) == 1 else None
    if stored and reasons == "first":
        run, ranked, texts = stored
        return Answer(query, method, run, listed(method, ranked, sort, texts))
    run, ranked = stored[:2] if stored else _on_demand(db, known, method, k, filters)
    if reasons == "none":
        return Answer(query, method, run, listed(method, ranked, sort, {}))
    sides = read_models(db, method, [*known, *(each.card.id for each in ranked)])
    asked = together([sides.of(each) for each in known])
    return Answer(query, method, sides.service.run, _explained(ranked, sort, asked, sides, "model", reasons))


def recommend_for_author(
    db: Database,
    author: str,
    *,
    method: str | None = None,
    k: int = 20,
    sort: str = "score",
    filters: Filters = Filters(),  # noqa: B008 - frozen
    reasons: str = "first",
) -> Answer:
    """The `k` models an author may build on next, none of their own. Arguments and errors as of `recommend`.

    Without a `method`, what the last build has stored for the author; where nothing is, or the filters and `k` ask for
    more, the network in service.
    """
    if method in similarity.METHODS:
        raise BadInput(f"{method} knows no authors.", f"Take one of: {', '.join(AUTHOR_METHODS)}.")
    _check(method or ADVICE_METHOD, k, sort, reasons, AUTHOR_METHODS)
    if not db.read("explore/author", name=author):
        raise NotFound(f"There is no author {author!r}.", "An author is what stands before the / of a model's id.")
    query = {"author": author, **_asked(k, sort, filters)}
    fallback = None
    if method in (None, ADVICE_METHOD):
        found = advised.recommend(db, author, ADVICE_METHOD, k=k, sort=sort, filters=filters, reasons=reasons)
        if found and (method or len(found[1]) == k):
            return Answer(query, ADVICE_METHOD, *found)
        if method:
            raise NotBuilt(f"{method} has stored nothing for {author}.", "Run hfmrs build, or take another method.")
        there = {row["method"] for row in db.read("publish/current")}
        method = next((each for each in NETWORK_METHODS if each in there), NETWORK_METHODS[0])
        fallback = too_few(ADVICE_METHOD, author, len(found[1]), method) if found else None
    asked = read_author(db, method, author)
    side = asked.of(author)
    ranked = _ranked(db, asked.service, side.embedding, "author", k, filters, author=author)
    if reasons == "none":
        return Answer(query, method, asked.service.run, listed(method, ranked, sort, {}), fallback)
    sides = read_models(db, method, [each.card.id for each in ranked])
    return Answer(query, method, sides.service.run, _explained(ranked, sort, side, sides, "author", reasons), fallback)


def why(db: Database, a: str, b: str, *, method: str = "gat") -> Answer:
    """All reasons for model `b` where `a` was asked about, recommended or not: one recommendation, of rank 1.

    Raises `NotFound`, `BadInput` and `NotBuilt`.
    """
    _check(method, 1, "score", "all")
    first, second = models.resolve(db, a), models.resolve(db, b)
    if first == second:
        raise BadInput(f"{first} was given twice.", "Give two different models.")
    query = {"ids": [first], "other": second}
    if method in similarity.METHODS:
        return Answer(query, method, None, (similarity.why(db, first, second, method),))
    sides = read_models(db, method, [first, second])
    total = score_pair(sides.of(first), sides.of(second), sides.service.terms, sides.service.weights["model"])
    made = _explained([Ranked(sides.cards[second], total)], "score", sides.of(first), sides, "model", "all")
    return Answer(query, method, sides.service.run, made)


def _check(method: str, k: int, sort: str, reasons: str, methods: Sequence[str] = METHODS) -> None:
    for what, value, known in (("method", method, methods), ("sort order", sort, SORTS), ("choice", reasons, REASONS)):
        if value not in known:
            raise BadInput(f"There is no {what} {value!r}.", f"Known are: {', '.join(known)}.")
    if not 1 <= k <= MOST:
        raise BadInput(f"k is {k}.", f"Ask for 1 to {MOST} models.")


def _asked(k: int, sort: str, filters: Filters) -> dict[str, Any]:
    return {"k": k, "sort": sort, "filters": filters.given()}


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
        row["card"]["id"]: with_rest([_reason(each) for each in json.loads(row["reasons"] or "[]")], row["score"])
        for row in passing
        if row["card"]["id"] in wanted
    }
    return rows[0]["run"], ranked, reasons


def _reason(data: Mapping[str, Any]) -> Reason:
    """A reason from its JSON."""
    path = tuple(
        Step((step["from"]["label"], step["from"]["id"]), step["relationship"], (step["to"]["label"], step["to"]["id"]))
        for step in data["path"]
    )
    return Reason(data["kind"], data["text"], data["contribution"], path, data["cypher"], data["params"])


def _on_demand(db: Database, ids: Sequence[str], method: str, k: int, filters: Filters) -> tuple[str, list[Ranked]]:
    """The run and the k best for models, out of what the vector index proposes."""
    rows = db.read("recommend/queries", ids=list(ids), method=method)
    if not rows:
        raise not_published(method)
    service = service_of(rows[0]["run"], method)
    found = {row["card"]["id"]: row for row in rows if row["card"] and row["embedding"]}
    for each in ids:
        if each not in found:
            raise not_known(method, each)
    units = [_unit(vector(found[each]["embedding"])) for each in ids]
    asked = [models.card_of(found[each]["card"]) for each in ids]
    mean: FloatArray = np.asarray(np.mean(units, axis=0), dtype=np.float32)
    texts = [_unit(vector(found[each]["text"])) for each in ids if found[each]["text"]]
    text: FloatArray | None = np.asarray(np.mean(texts, axis=0), dtype=np.float32) if len(texts) == len(ids) else None
    return service.run, _ranked(db, service, mean, "model", k, filters, asked=asked, text=text)


def _unit(embedding: FloatArray) -> FloatArray:
    return np.asarray(embedding / (float(np.linalg.norm(embedding)) or 1.0), dtype=np.float32)


def _ranked(
    db: Database,
    service: Service,
    query: FloatArray,
    kind: QueryKind,
    k: int,
    filters: Filters,
    *,
    asked: Sequence[ModelCard] = (),
    author: str | None = None,
    text: FloatArray | None = None,
) -> list[Ranked]:
    """The k best by the one scorer among the nearest that pass the filters; for an author also among what is built
    upon most.

    Of one model the nearest are stored with it. Where they are too few they are sought, by the indexes of network and
    text vectors, and where filters leave too few of these, among all models.
    """
    slot = service.slot
    weights = service.weights[kind]
    compared = text.tolist() if text is not None and weights.text else None
    properties = {"embedding": slot.embedding, "counts": slot.counts, "text": compared}
    near = {"k": max(_SOUGHT, 5 * k), "vector": query.tolist()}
    own = {each.id for each in asked}
    rows: list[dict[str, Any]] = []

    def best() -> list[Ranked]:
        kept = {row["card"]["id"]: row for row in rows if row["embedding"]}
        cards = {id: models.card_of(row["card"]) for id, row in kept.items()}
        ids = [
            id
            for id, card in cards.items()
            if id not in own and (author is None or card.author != author) and filters.allows(card, asked)
        ]
        if not ids:
            return []
        items = np.array([kept[id]["embedding"] for id in ids], dtype=np.float32)
        counts = np.array([kept[id]["counts"] for id in ids], dtype=np.float32).reshape(len(ids), -1)
        closeness = np.array([kept[id]["text"] or 0.0 for id in ids])
        scores = score(query, items, counts, closeness, service.terms, weights)
        chosen = range(len(ids))
        if kind == "model":
            chosen = np.argsort(-nearness(query, items, closeness, weights))[: max(CANDIDATES, 2 * k)].tolist()
        return collapse((cards[ids[i]], kept[ids[i]]["card"].get("nameKey"), float(scores[i])) for i in chosen)

    if len(asked) == 1 and 2 * k <= CANDIDATES:
        rows += db.read("recommend/nearest", id=asked[0].id, nearest=slot.nearest, **properties)
        ranked = best()
        if len(ranked) >= k:
            return ranked[:k]
    searches = [{"index": slot.index, **near}]
    if compared:
        searches.append({"index": TEXT_INDEX, **near, "vector": compared})
    with ThreadPoolExecutor(len(searches)) as pool:  # each takes tens of milliseconds in a large graph
        found = pool.map(lambda asked: db.read("recommend/candidates", **asked, **properties), searches)
        rows += [row for part in found for row in part]
    if kind == "author" and any(weights.terms.values()):
        rows += db.read("recommend/built_upon", method=slot.method, **properties)
    ranked = best()
    if len(ranked) < k and filters.given():
        rows += db.read("recommend/scan", **near, **properties, **filters.conditions(asked))
        ranked = best()
    return ranked[:k]


def _explained(
    ranked: Sequence[Ranked], sort: str, query: Side, sides: Sides, kind: QueryKind, reasons: str
) -> tuple[Recommendation, ...]:
    """Recommendations with all their reasons, or the first ones; models that left the run meanwhile are left out."""
    service = sides.service
    made: dict[str, tuple[Reason, ...]] = {}
    there = [each for each in ranked if each.card.id in sides.sides]
    for each in there:
        all_ = explain(
            query,
            sides.sides[each.card.id],
            terms=service.terms,
            weights=service.weights[kind],
            degrees=sides.known.degrees,
            models=sides.known.models,
            relations=sides.known.relations,
            as_of=sides.known.as_of,
        )
        made[each.card.id] = all_ if reasons == "all" else with_rest(shown(all_), each.score)
    return listed(service.slot.method, there, sort, made)
