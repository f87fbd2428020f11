"""Recommendations by any method of the comparison (docs/results.md), fitted for the question on the graph as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graph import models
from graph.candidates import controlled
from graph.errors import BadInput
from graph.languages import shortage
from graph.ranking import listed
from graph.reasons import told
from graph.recommend import asked_for, check, need_author
from graph.types import Answer, Reason
from hfmrs.progress import Report, progress

if TYPE_CHECKING:
    from gnn.ranking.for_model import ModelMethod
    from gnn.ranking.methods import Float64Array, Method
    from gnn.ranking.task import History
    from graph.database import Database
    from graph.filters import Filters
    from hfmrs.settings import Settings

#: Of so many times as many as are wanted the cards are read, since variants take some away; with filters, of all.
_SOUGHT = 10


def for_author(db: Database, settings: Settings, author: str, method: str, **choices: Any) -> Answer:
    """What an author may build on next: bases of others that they have not built on. The reasons are what adds up to
    the score, where the method can say. Raises `NotFound` and `BadInput`."""
    from gnn.ranking.methods import methods
    from gnn.ranking.past import owner

    _check(method, **choices)
    need_author(db, author)
    with progress(f"Fitting {method}") as on_progress:
        past = _history(db, settings, on_progress)
        if author not in past.authors:
            raise BadInput(
                f"{author} has built on no base of others, and {method} knows only who has.",
                "Leave out --method: the network in service knows every author.",
            )
        fitted = methods(settings.device)[method]()
        _fit(fitted, method, past, settings.seed)
    row = past.authors.index(author)
    scores = np.array(fitted.scores(np.array([row]))[0], dtype=np.float64)
    scores[past.matrix()[row].indices] = -np.inf
    scores[[owner(item) == author for item in past.items]] = -np.inf
    place = {item: i for i, item in enumerate(past.items)}

    def reasons(id: str) -> list[Reason]:
        return [_reason(author, name, share, name in place) for name, share in fitted.explain(row, place[id])]

    return _answer(db, past, scores, {"author": author}, method, (), reasons, **choices)


def for_models(db: Database, settings: Settings, ids: Sequence[str], method: str, **choices: Any) -> Answer:
    """What those will build on next who built on all of some models: the mean of their scores, without reasons.
    Raises `NotFound` and `BadInput`."""
    from gnn.ranking.for_model import model_methods

    _check(method, **choices)
    known = models.resolve_all(db, ids)
    with progress(f"Fitting {method}") as on_progress:
        past = _history(db, settings, on_progress)
        place = {item: i for i, item in enumerate(past.items)}
        for id in known:
            if id not in place:
                raise BadInput(
                    f"Nobody has built on {id} yet, and {method} knows only bases that somebody has built on.",
                    "Leave out --method: the network in service knows every model.",
                )
        fitted = model_methods(settings.device)[method]()
        _fit(fitted, method, past, settings.seed)
    rows = np.array([place[id] for id in known])
    scores = np.array(fitted.scores(rows), dtype=np.float64).mean(axis=0)
    scores[rows] = -np.inf
    return _answer(db, past, scores, {"ids": known}, method, known, lambda id: [], **choices)


def _check(method: str, *, k: int, sort: str, reasons: str, novelty: float, filters: Filters) -> None:
    """Before anything is fitted, which takes long. Raises `BadInput`."""
    check(method, k, sort, reasons, (method,), novelty)


def _history(db: Database, settings: Settings, on_progress: Report) -> History:
    from gnn.ranking.advice import up_to_now
    from graph.export import subgraph

    on_progress(0, None, "reading the graph")
    past = up_to_now(subgraph(db, settings.home))
    on_progress(0, None, f"learning from {len(past.authors):,} authors and {len(past.items):,} bases")
    return past


def _fit(fitted: Method | ModelMethod, method: str, past: History, seed: int) -> None:
    from gnn.ranking.task import TooLittle

    try:
        fitted.fit(past, seed)
    except TooLittle as error:
        raise BadInput(
            f"There is too little in this graph that {method} could learn from.",
            "Load more models, or take a method that only counts, such as --method item-knn.",
        ) from error


def _reason(author: str, name: str, share: float, base: bool) -> Reason:
    """`name`: a base of the author, or what a number is called."""
    text = f"{author} built on {name}" if base else name
    return Reason("evidence", f"{text} ({share:+.3f})", share)


def _answer(
    db: Database,
    past: History,
    scores: Float64Array,
    query: Mapping[str, Any],
    method: str,
    asked: Sequence[str],
    explain: Callable[[str], Sequence[Reason]],
    *,
    k: int,
    sort: str,
    reasons: str,
    novelty: float,
    filters: Filters,
) -> Answer:
    from gnn.ranking.methods import OUTSIDE

    inside = np.flatnonzero(scores > OUTSIDE)
    first = inside[np.argsort(-scores[inside], kind="stable")]
    if not filters.given():
        first = first[: _SOUGHT * k]
    rows = {row["card"]["id"]: row["card"] for row in db.read("explore/cards", ids=[past.items[i] for i in first])}
    near = list(models.cards(db, asked).values())
    scored = []
    for item in first.tolist():
        if (row := rows.get(past.items[item])) and filters.allows(card := models.card_of(row), near):
            scored.append((card, row.get("nameKey"), float(scores[item])))
    ranked = controlled(scored, novelty)[:k]
    made: dict[str, tuple[Reason, ...]] = {}
    for each in ranked if reasons != "none" else ():
        found = explain(each.card.id)
        if found or each.beside:  # a rest alone would say nothing
            made[each.card.id] = told(found, each.beside, each.score, reasons)
    answer = Answer({**query, **asked_for(k, sort, filters, novelty)}, method, None, listed(method, ranked, sort, made))
    return replace(answer, shortage=shortage(answer))
