"""Who is sought for, which models come into question, and the best of them by the one scorer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graph import comparable, models
from graph.database import Database
from graph.filters import Filters
from graph.novelty import WIDER, control
from graph.ranking import Ranked, collapse
from graph.score import CANDIDATES, Float64Array, mean, nearness, of_mean, score
from graph.sides import QueryKind, Service, not_known, not_published, service_of, vector
from graph.types import FloatArray, ModelCard, ScoreWeights

TEXT_INDEX = "model_textEmbedding"

#: How many models an index is asked for, at least: it is approximate, and there are two of them.
_SOUGHT = 100

#: Where filters leave too few, a graph of so many models is read whole; of a larger one, which takes seconds, an index
#: is asked for so many.
_READ_WHOLE, _DEEPER = 50_000, 4_000

#: Where the k best are read from what is stored, so many more are: some are forms of others.
_SPARE = 5

#: Of several models, so many of those stored as nearest to them are compared, an equal number of each.
_FROM_LISTS = 600


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom models are sought: for `cards`, one or several models, or for an `author`.

    `embedding` (d,) and `text` (256,) are what candidates are compared with, by `weights`. `variants` are name keys:
    no model with one of them comes into question.
    """

    kind: QueryKind
    embedding: FloatArray
    weights: ScoreWeights
    text: FloatArray | None = None
    cards: tuple[ModelCard, ...] = ()
    author: str | None = None
    variants: frozenset[str] = frozenset()


def about_models(db: Database, ids: Sequence[str], method: str, *, variants: bool = True) -> tuple[Service, Asked]:
    """The run in service and what it knows of some models together: a score is then the mean of their scores.

    Without `variants`, other forms of these models do not come into question, and those that the run does not know yet
    are passed over while it knows others. Raises `NotBuilt`.
    """
    rows = db.read("recommend/queries", ids=list(ids), method=method)
    if not rows:
        raise not_published(method)
    service = service_of(rows[0]["run"], method)
    found = {row["card"]["id"]: row for row in rows if row["card"] and row["embedding"]}
    missing = [each for each in ids if each not in found]
    if missing and (variants or not found):
        raise not_known(method, missing[0])
    asked = [found[each] for each in ids if each in found]
    embedding = mean([vector(row["embedding"]) for row in asked], len(asked))
    text = mean([vector(row["text"]) for row in asked if row["text"]], len(asked))
    keys = (row["card"].get("nameKey") for row in asked if not variants)
    return service, Asked(
        kind="model",
        embedding=embedding,
        weights=of_mean(service.weights["model"], embedding, text),
        text=text if text.size else None,
        cards=tuple(models.card_of(row["card"]) for row in asked),
        variants=frozenset(key for key in keys if key),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """The models that come into question, nearest first, and their scores.

    `embeddings` (models, d), `counts` (models, terms), `closeness`, `nearness` and `scores` (models,); `keys` are their
    name keys. `silent`: the one model asked about, where nothing tells what it is for, and so nothing was sought.
    """

    cards: tuple[ModelCard, ...]
    keys: tuple[str | None, ...]
    embeddings: FloatArray
    counts: FloatArray
    closeness: Float64Array
    nearness: Float64Array
    scores: Float64Array
    silent: tuple[str, ...] = ()

    def ranked(self, novelty: float = 0.0) -> list[Ranked]:
        """Best first, variants collapsed."""
        return controlled(list(zip(self.cards, self.keys, self.scores.tolist(), strict=True)), novelty)


def best(
    db: Database, service: Service, asked: Asked, k: int, filters: Filters, novelty: float
) -> tuple[list[Ranked], tuple[str, ...]]:
    """The k best of those that are `compared`, and the models asked about where these are silent. Where no filter asks
    for others, and no model has come since that may have changed their order, the first of the stored ones tell."""
    most = CANDIDATES if filters.given() or service.extended else min(k + _SPARE, CANDIDATES)
    found = compared(db, service, asked, k, filters, novelty, most=most)
    ids = tuple(each.id for each in asked.cards)
    if len(ids) > 1 and not found.cards and not filters.task and len(comparable.silent(db, ids)) == len(ids):
        return [], ids
    return found.ranked(novelty)[:k], found.silent


def compared(
    db: Database,
    service: Service,
    asked: Asked,
    k: int,
    filters: Filters,
    novelty: float = 0.0,
    nearest: Sequence[dict[str, Any]] | None = None,
    most: int = CANDIDATES,
) -> Compared:
    """By the one scorer, the nearest that pass the filters; for an author also what is built upon most.

    Of one model the nearest are stored with it, the best first (`nearest`: rows of `recommend/nearest`, where they were
    read already); `most` of them are enough where k of these pass.
    Where none are, or filters leave too few of them, others are sought by the indexes of network and text vectors, and
    where filters leave too few of these, among all models, or in a large graph among the `_DEEPER` nearest. Where
    nothing tells what it is for, and no filter does, nothing is. Of several models both are compared. With `novelty`
    other than 0 more models are, and the control of popularity is a part of the score.
    """
    slot, weights = service.slot, asked.weights
    wider = WIDER if novelty else 1
    texts = asked.text.tolist() if asked.text is not None and weights.text else None
    properties = {"embedding": slot.embedding, "counts": slot.counts, "text": texts}
    near = {"k": wider * max(_SOUGHT, 5 * k), "vector": asked.embedding.tolist()}
    ids = [each.id for each in asked.cards]
    rows: list[dict[str, Any]] = []

    def measured() -> Compared:
        return _measured(rows, service, asked, filters, wider * max(CANDIDATES, 2 * k))

    if len(ids) == 1 and 2 * k <= CANDIDATES and not novelty:

        def stored(each: int) -> list[dict[str, Any]]:
            return db.read("recommend/nearest", ids=ids, each=each, nearest=slot.nearest, **properties)

        rows += stored(most) if nearest is None else nearest
        found = measured()
        if len(found.ranked()) < k and most < CANDIDATES:
            rows[:] = stored(CANDIDATES)
            found = measured()
        if len(found.ranked()) >= k or (rows and not filters.given()):
            return found
    if len(ids) == 1 and not filters.task and comparable.silent(db, ids):
        return replace(measured(), silent=tuple(ids))
    reads: list[tuple[str, dict[str, Any]]] = [("recommend/candidates", {"index": slot.index, **near})]
    if texts:
        reads.append(("recommend/candidates", {"index": TEXT_INDEX, **near, "vector": texts}))
    if len(ids) > 1:
        each = _FROM_LISTS // len(ids)
        reads.append(("recommend/nearest", {"ids": ids, "each": each, "nearest": slot.nearest}))
    if asked.kind == "author" and any(weights.terms.values()):
        reads.append(("recommend/built_upon", {"method": slot.method}))

    def sought(reads: Sequence[tuple[str, dict[str, Any]]]) -> Compared:
        with ThreadPoolExecutor(len(reads)) as pool:  # each takes tens of milliseconds in a large graph
            parts = pool.map(lambda read: db.read(read[0], **read[1], **properties), reads)
            rows.extend(_beside(db, asked, filters, [row for part in parts for row in part]))
        return measured()

    found = sought(reads)
    if filters.given() and len(found.ranked()) < k:
        conditions = filters.conditions(asked.cards)
        if (service.models or 0) <= _READ_WHOLE:
            return sought([("recommend/scan", {**near, **conditions})])
        indexes = [read for read in reads if "index" in read[1]]
        return sought([(name, {**given, "k": _DEEPER, **conditions}) for name, given in indexes])
    return found


def _beside(db: Database, asked: Asked, filters: Filters, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Those of `rows` that are comparable with one of the models asked about (what is stored as nearest is). An author
    builds on all sorts, and who names a task means it."""
    if asked.kind == "author" or filters.task:
        return rows
    ids = list(dict.fromkeys(row["card"]["id"] for row in rows))
    allowed = comparable.beside(db, [each.id for each in asked.cards], ids)
    return [row for row in rows if row["card"]["id"] in allowed]


def _measured(rows: Sequence[dict[str, Any]], service: Service, asked: Asked, filters: Filters, most: int) -> Compared:
    """Those of `rows` that pass the filters; where models are asked about, the `most` nearest of them."""
    kept = {row["card"]["id"]: row for row in rows if row["embedding"]}
    cards = {id: models.card_of(row["card"]) for id, row in kept.items() if _fits(asked, row["card"])}
    passing = [id for id, card in cards.items() if filters.allows(card, asked.cards)]
    size = len(passing)
    embeddings = np.array([kept[id]["embedding"] for id in passing], dtype=np.float32)
    embeddings = embeddings.reshape(size, len(asked.embedding))
    counts = np.array([kept[id]["counts"] for id in passing], dtype=np.float32).reshape(size, len(service.terms))
    closeness = np.array([kept[id]["text"] or 0.0 for id in passing], dtype=np.float64)
    near = nearness(asked.embedding, embeddings, closeness, asked.weights)
    scores = score(asked.embedding, embeddings, counts, closeness, service.terms, asked.weights)
    order = np.argsort(-near)[: most if asked.kind == "model" else size]
    return Compared(
        tuple(cards[passing[i]] for i in order.tolist()),
        tuple(kept[passing[i]]["card"].get("nameKey") for i in order.tolist()),
        embeddings[order],
        counts[order],
        closeness[order],
        near[order],
        scores[order],
    )


def controlled(scored: Sequence[tuple[ModelCard, str | None, float]], novelty: float) -> list[Ranked]:
    """`scored` (model, name key, score) best first with the control of popularity, variants collapsed."""
    part = control(novelty, [card for card, _, _ in scored], [score for _, _, score in scored])
    found = collapse((card, key, score + part.share(card)) for card, key, score in scored)
    return [replace(each, beside=part.reasons(each.card)) for each in found]


def _fits(asked: Asked, card: dict[str, Any]) -> bool:
    """Whether a model is none of those asked about, no variant of them, and not by the author."""
    if asked.author is not None and card.get("author") == asked.author:
        return False
    return card.get("nameKey") not in asked.variants and all(card["id"] != each.id for each in asked.cards)
