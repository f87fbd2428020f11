"""Why one model is recommended beside another, and where it stands: for one pair, and for each two of some models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from graph import comparable, models, similarity
from graph.candidates import Asked, Compared, compared
from graph.database import Database
from graph.errors import BadInput, NotBuilt, NotFound
from graph.filters import Filters
from graph.ranking import Ranked, listed
from graph.reasons import with_rest
from graph.recommend import check, taken_apart
from graph.score import score_pair
from graph.sides import Sides, merged, not_known, read_models
from graph.standing import Question, last, standing, what_if
from graph.types import Answer


def why(
    db: Database,
    a: str,
    b: str,
    *,
    method: str = "gat",
    k: int = 10,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Answer:
    """All reasons for model `b` where `a` was asked about, recommended or not. By a network also where it stands for
    lists of `k` that pass the `filters` (`standing`): its rank, else why not; and if it is one of the k, without which
    facts it would not be.

    Raises `NotFound`, `BadInput` and `NotBuilt`.
    """
    check(method, k, "score", "all")
    if method in similarity.METHODS:
        return _similar(db, *_pair(db, a, b), method)
    first, second, sides = a, b, read_models(db, method, [a, b], near=[a])
    _there(sides)
    if not {a, b} <= set(sides.sides) or a == b:  # not written as they are
        first, second = _pair(db, a, b)
        sides = read_models(db, method, [first, second], near=[first])
    for id in (first, second):
        sides.of(id)
    return _answered(db, sides, [(first, second)], k, filters)[first, second]


def why_each(
    db: Database, ids: Sequence[str], *, method: str = "gat", k: int = 10
) -> dict[tuple[str, str], Answer | NotBuilt]:
    """What `why` answers for each two of some models, both ways round, in few round trips; `NotBuilt` where it would
    raise that. `ids` are present ones. Raises `NotFound` and `BadInput`."""
    check(method, k, "score", "all")
    pairs = list(permutations(ids, 2))
    answers: dict[tuple[str, str], Answer | NotBuilt] = {}
    if method in similarity.METHODS:
        for pair in pairs:
            try:
                answers[pair] = _similar(db, *pair, method)
            except NotBuilt as problem:
                answers[pair] = problem
        return answers
    try:
        sides = read_models(db, method, ids, near=ids)
    except NotBuilt as problem:
        return dict.fromkeys(pairs, problem)
    _there(sides)
    unknown = {pair: [id for id in pair if id not in sides.sides] for pair in pairs}
    answers |= {pair: not_known(method, missing[0]) for pair, missing in unknown.items() if missing}
    return {**answers, **_answered(db, sides, [pair for pair in pairs if not unknown[pair]], k, Filters())}


def _similar(db: Database, a: str, b: str, method: str) -> Answer:
    return Answer({"ids": [a], "other": b}, method, None, (similarity.why(db, a, b, method),))


def _there(sides: Sides) -> None:
    """Raises `NotFound` where one of the models went from the Hub."""
    for id, moment in sides.deleted.items():
        raise NotFound(f"{id} was found deleted on the Hub on {moment:%Y-%m-%d}.", "Ask about another model.")


def _answered(
    db: Database, sides: Sides, pairs: Sequence[tuple[str, str]], k: int, filters: Filters
) -> dict[tuple[str, str], Answer]:
    """The answer for each pair of `sides` that the run knows: what several need is read once."""
    service, known = sides.service, sides.known
    weights, method = service.weights["model"], service.slot.method
    found: dict[str, tuple[Compared, list[Ranked]]] = {}
    for first in dict.fromkeys(a for a, _ in pairs):
        side = sides.of(first)
        asked = Asked("model", side.embedding, weights, side.text if side.text.size else None, (sides.cards[first],))
        among = compared(db, service, asked, k, filters, nearest=sides.nearest.get(first, ()))
        found[first] = among, among.ranked()
    far = {(a, b) for a, b in pairs if b not in {card.id for card in found[a][0].cards} and not filters.task}
    ids = list(dict.fromkeys(id for pair in pairs for id in pair))
    kinds = comparable.of_some(db, ids) if far else None
    questions: dict[tuple[str, str], Question] = {}
    for a, b in pairs:
        obstacle = kinds.obstacle(ids.index(a), ids.index(b)) if kinds and (a, b) in far else None
        side, item = sides.of(a), sides.of(b)
        questions[a, b] = Question(side, item, sides.cards[b], *found[a], k, service.terms, weights, known, obstacle)
    others = {pair: last(question) for pair, question in questions.items()}
    beyond = read_models(db, method, sorted({id for id in others.values() if id})) if any(others.values()) else None
    if beyond:
        known = merged(known, beyond.known)
    answers: dict[tuple[str, str], Answer] = {}
    for (a, b), question in questions.items():
        question = replace(question, known=known)
        side, item = question.query, question.item
        stands = standing(question, filters, sides.cards[a], beyond.sides.get(others[a, b] or "") if beyond else None)
        total = score_pair(side, item, service.terms, weights)
        reasons = [*taken_apart(side, sides, weights)(item)[:-1], *filter(None, (what_if(question),))]
        (made,) = listed(method, [Ranked(sides.cards[b], total)], "score", {b: with_rest(reasons, total)})
        put = {"ids": [a], "other": b, "k": k, "filters": filters.given()}
        answers[a, b] = Answer(put, method, service.run, (made,), standing=stands)
    return answers


def _pair(db: Database, a: str, b: str) -> tuple[str, str]:
    """The ids that two models have now. Raises `NotFound`, and `BadInput` where they are one."""
    first, second = models.resolve(db, a), models.resolve(db, b)
    if first == second:
        raise BadInput(f"{first} was given twice.", "Give two different models.")
    return first, second
