"""Where a model stands among those that come into question for another: what would take it out of the list, or what it
lacks and what would bring it in. Pure: arrays in, sentences out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph import phrases
from graph.candidates import Compared
from graph.counterfactual import Counterfactual, Rivals, counterfactual, droppable, hindrance
from graph.drafts import Facts, link_step, parts
from graph.filters import Filters
from graph.languages import text
from graph.ranking import Ranked
from graph.score import Side, closeness, nearness, score_pair
from graph.statements import statement
from graph.types import ModelCard, Neighbour, Reason, Said, ScoreWeights, Standing

#: How many differences to the last one recommended are told, and the least one worth a sentence.
_DIFFERENCES = 3
_LEAST = 0.01

#: The most models that a sentence may wish were built on one.
_MORE = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """A model that somebody asks about: where it stands for `query`, among the models `compared`, `ranked` best first,
    of which the first `k` are recommended by `terms` and `weights`; `obstacle` is what keeps it out of all lists, as
    `graph.comparable` names it."""

    query: Side
    item: Side
    card: ModelCard
    compared: Compared
    ranked: Sequence[Ranked]
    k: int
    terms: Sequence[str]
    weights: ScoreWeights
    known: Facts
    obstacle: str | None = None

    def rivals(self) -> Rivals:
        """The others, each by the one that stands for it."""
        others = {each.card.id for each in self.ranked} - {self.item.key}
        rows = [i for i, card in enumerate(self.compared.cards) if card.id in others]
        found = self.compared
        return Rivals(found.embeddings[rows], found.counts[rows], found.closeness[rows])


def last(question: Question) -> str | None:
    """The id of the last one recommended, where the model is none of these: reasons are compared with its."""
    ranked = question.ranked
    inside = {each.card.id for each in ranked[: question.k]}
    return None if question.item.key in inside or len(ranked) < question.k else ranked[question.k - 1].card.id


def standing(question: Question, filters: Filters, asked: ModelCard, last: Side | None) -> Standing:
    """Where the model stands; `last` is the side of what `last` names, where there is one."""
    ranked, k, id = question.ranked, question.k, question.item.key
    place = next((n for n, each in enumerate(ranked, start=1) if each.card.id == id), None)
    if place is not None and place <= k:
        return _told(place, len(ranked), k, Said("among", (place, len(ranked), k)), [])
    own = score_pair(question.query, question.item, question.terms, question.weights)
    if place is not None:
        return _told(place, len(ranked), k, Said("among", (place, len(ranked), k)), _lacks(question, own, last))
    better = sum(each.score > own for each in ranked) + 1
    alone = [Said("ranked", (better,))] if better <= len(ranked) else []
    stands = next((n for n, each in enumerate(ranked) if id in each.variants), None)
    if stands is not None:
        first = Said("variant", (phrases.title(ranked[stands].card.id), stands + 1))
        return _told(None, len(ranked), k, first, alone)
    if not filters.allows(question.card, [asked]):
        broken = [
            name
            for name, value in filters.given().items()
            if not Filters(**{name: value}).allows(question.card, [asked])
        ]
        return _told(None, len(ranked), k, Said("filtered", (broken,)), [Said("ranked", (better,))])
    if question.obstacle:
        said = Said("apart", (question.obstacle, phrases.title(question.query.key)))
        return _told(None, len(ranked), k, said, alone)
    near, furthest = _near(question), float(question.compared.nearness.min(initial=np.inf))
    count = len(question.compared.cards)
    first = Said("far", (phrases.title(question.query.key), count, len(ranked), near, furthest))
    nearer = Said("if_nearer", (max(furthest - near, 0.0),))
    return _told(None, len(ranked), k, first, [nearer, *alone, *(_behind(question, own) if better > k else [])])


def what_if(question: Question) -> Reason | None:
    """The counterfactual as a reason, or the sentence that there is none; None where the model is not recommended."""
    ranked, k = question.ranked, question.k
    if question.item.key not in {each.card.id for each in ranked[:k]}:
        return None
    query, item = question.query, question.item
    names = [fact[2] for fact in item.facts if fact[0] != "SELF"] or [item.key]
    if len(ranked) <= k:
        return _reason(Said("alone", (len(ranked), k)), query, item, names)
    found = counterfactual(query, item, question.rivals(), k, question.terms, question.weights)
    if found is None:
        return _reason(Said("stays", (droppable(query, item), k)), query, item, names)
    said = Said("dropped", (_facts(found), phrases.title(query.key), k))
    steps = [link_step((side.label, side.key), fact) for side, facts in
             ((query, found.of_query), (item, found.of_item)) for fact in facts]  # fmt: skip
    path = tuple(dict.fromkeys(step for each in steps for step in each))
    made = _reason(said, query, item, [fact[2] for fact in (*found.of_query, *found.of_item)])
    return Reason(made.kind, made.text, None, path, made.cypher, made.params, said=made.said)


def _reason(said: Said, query: Side, item: Side, names: Sequence[str]) -> Reason:
    whole = Said("sentence", (said, None))
    params = {"a": query.key, "b": item.key, "facts": list(dict.fromkeys(names))}
    return Reason("counterfactual", text(whole), None, (), statement("why/counterfactual").text, params, said=whole)


def _facts(found: Counterfactual) -> list[tuple[Neighbour, bool]]:
    """What was dropped, each with whether both have it."""
    both = {fact[1:] for fact in found.of_query}
    return [(fact, fact[1:] in both) for fact in found.facts]


def _told(rank: int | None, of: int, k: int, place: Said, why_not: Sequence[Said]) -> Standing:
    said = tuple(Said("sentence", (each, None)) for each in (place, *why_not))
    first, *others = map(text, said)
    return Standing(rank, of, k, rank is not None and rank <= k, first, tuple(others), said)


def _near(question: Question) -> float:
    query, item = question.query, question.item
    near = nearness(query.embedding, item.embedding[None], closeness(query, item), question.weights)
    return float(near[0])


def _behind(question: Question, own: float) -> list[Said]:
    other = question.ranked[question.k - 1]
    return [Said("behind", (own, phrases.title(other.card.id), question.k, other.score))]


def _lacks(question: Question, own: float, last: Side | None) -> list[Said]:
    """What keeps a model out that came into question: the gap, its largest parts, and the smallest change that would
    close it."""
    made = _behind(question, own)
    if last is not None:
        made += _differences(question, last)
    return [*made, _change(question, own)]


def _differences(question: Question, last: Side) -> list[Said]:
    """By which parts of the score the last one recommended is ahead, the largest first, each by its strongest reason
    that the model has not."""
    query, terms, weights, known = question.query, question.terms, question.weights, question.known
    theirs, its = (parts(query, side, terms, weights, known) for side in (last, question.item))
    sums = {part: sum(d.contribution or 0.0 for d in theirs.get(part, ())) for part in (*theirs, *its)}
    ahead = {part: total - sum(d.contribution or 0.0 for d in its.get(part, ())) for part, total in sums.items()}
    made: list[Said] = []
    for part in sorted(ahead, key=lambda each: (-ahead[each], each)):
        if ahead[part] < _LEAST or len(made) == _DIFFERENCES:
            break
        had = {draft.reason().text for draft in its.get(part, ())}
        fitting = sorted(theirs.get(part, ()), key=lambda draft: -(draft.contribution or 0.0))
        best = next((d.said for d in fitting if not d.common and d.reason().text not in had), None)
        made.append(Said("ahead", (phrases.title(last.key), part, ahead[part], best)))
    return made


def _change(question: Question, own: float) -> Said:
    """The smallest thing that would have to be different: a fact or two less, some models more built on it, or a nearer
    text, the first of these that is enough."""
    query, item, k, terms, weights = question.query, question.item, question.k, question.terms, question.weights
    found = hindrance(query, item, question.rivals(), k, terms, weights)
    if found is not None:
        return Said("hindered", (_facts(found), phrases.title(query.key), k))
    needed = question.ranked[k - 1].score
    built = _built(item, terms, weights, needed - own)
    if built is not None:
        return Said("if_built", (built, k))
    near = closeness(query, item)
    then = near + (needed - own) / weights.text if weights.text > 0 else np.inf
    return Said("if_closer", (near, then, k)) if then <= 1.0 else Said("nothing", (k,))


def _built(item: Side, terms: Sequence[str], weights: ScoreWeights, gap: float) -> int | None:
    """How many more models built on the item, all of late, would add `gap` to its score."""
    by = np.array([weights.terms.get(name, 0.0) for name in terms])
    more = np.arange(1, _MORE + 1)
    counts = item.counts.astype(np.float64)
    added = (np.log1p(counts + more[:, None]) - np.log1p(counts)) @ by
    enough = np.flatnonzero(added > gap)
    return int(more[enough[0]]) if len(enough) else None
