"""The two methods without a network: cosine of the models' sentence vectors, Jaccard of their tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph import models, phrases
from graph.database import Database
from graph.drafts import Draft, Facts, common_draft, say, shared_draft
from graph.errors import NotBuilt
from graph.filters import Filters
from graph.ranking import Ranked, collapse, listed
from graph.reasons import shown, with_rest
from graph.sides import count_models
from graph.types import Neighbour, Reason, Recommendation, Step

METHODS = ("cosine", "jaccard")

#: What a pair shares by the ids of its two models.
Shared = Mapping[tuple[str, str], Sequence[Neighbour]]


def recommend(
    db: Database, ids: Sequence[str], method: str, *, k: int, sort: str, filters: Filters, reasons: str
) -> tuple[Recommendation, ...]:
    """The k best of the stored similarities; of several models by the mean. Raises `NotBuilt`."""
    rows = db.read("recommend/similar", ids=list(ids), method=method)
    if not rows and not db.read("recommend/any_similar", method=method):
        raise NotBuilt(f"No {method} similarities have been computed yet.", "Run: hfmrs build")
    asked = list(models.cards(db, ids).values())
    scores: dict[str, dict[str, float]] = {}
    for row in rows:
        scores.setdefault(row["card"]["id"], {})[row["query"]] = row["score"] / len(ids)
    cards = {row["card"]["id"]: models.card_of(row["card"]) for row in rows}
    keys = {row["card"]["id"]: row["card"].get("nameKey") for row in rows}
    passing = [id for id, card in cards.items() if id not in ids and filters.allows(card, asked)]
    ranked = collapse((cards[id], keys[id], sum(scores[id].values())) for id in passing)[:k]
    made: dict[str, tuple[Reason, ...]] = {}
    if reasons != "none":
        known, shared = _shared(db, ids, [each.card.id for each in ranked])
        for each in ranked:
            parts = scores[each.card.id]
            full = [
                reason for a in parts for reason in _reasons(method, a, each.card.id, parts[a], len(ids), known, shared)
            ]
            made[each.card.id] = with_rest(full if reasons == "all" else shown(full), each.score)
    return listed(method, ranked, sort, made)


def why(db: Database, a: str, b: str, method: str) -> Recommendation:
    """The similarity of any two models with all its reasons; worked out where it is not stored."""
    row = db.read("why/pair_similarity", a=a, b=b, method=method)[0]
    score = row["score"]
    if score is None and method == "jaccard":
        mine, its = set(row["a_tags"]), set(row["b_tags"])
        score = len(mine & its) / len(mine | its) if mine | its else 0.0
    elif score is None and row["cosine"] is not None:
        score = row["cosine"]
    if score is None:
        raise NotBuilt("The two models have no sentence vectors yet.", "Run: hfmrs build --only embed")
    known, shared = _shared(db, [a], [b])
    made = with_rest(_reasons(method, a, b, score, 1, known, shared), score)
    return listed(method, [Ranked(models.cards(db, [b])[b], score)], "score", {b: made})[0]


def _shared(db: Database, ids: Sequence[str], others: Sequence[str]) -> tuple[Facts, Shared]:
    """The facts that each of `ids` shares with each of `others`."""
    facts: dict[str, list[Neighbour]] = {}
    degrees: dict[tuple[str, str], int] = {}
    for row in db.read("why/facts_of_models", ids=list(dict.fromkeys([*ids, *others]))):
        facts[row["id"]] = sorted((relationship, label, key) for relationship, label, key, _ in row["facts"])
        degrees |= {(label, key): int(degree or 0) for _, label, key, degree in row["facts"]}
    shared = {
        (a, b): [fact for fact in facts.get(b, ()) if fact in mine]
        for a in ids
        for b in others
        if (mine := set(facts.get(a, ())))
    }
    return Facts(degrees, count_models(db, "", None)), shared


def _reasons(method: str, a: str, b: str, share: float, asked: int, known: Facts, shared: Shared) -> list[Reason]:
    """What one of `asked` models brings to the score, its `share`, and what else the two share, without any."""
    owner, item = ("Model", a), ("Model", b)
    facts = shared.get((a, b), ())
    tags = [fact for fact in facts if fact[0] == "HAS_TAG"] if method == "jaccard" else []
    drafts: list[Draft] = []
    if not tags:
        whole = phrases.overlap if method == "jaccard" else phrases.closeness
        path = (Step(owner, "SIMILAR_TO", item),)
        params = {"a": a, "b": b, "method": method}
        drafts.append(Draft("evidence", share, path, say(whole, share * asked), "why/similar", params))
    common = [(share / len(tags), fact[1:]) for fact in tags if known.common(fact)]
    if common:
        drafts.append(common_draft(item, "evidence", common))
    for fact in facts:
        weighed = fact in tags
        if not (weighed and known.common(fact)):
            contribution = share / len(tags) if weighed else None
            drafts.append(shared_draft(item, fact, fact, contribution, known, owner, asked == 1))
    return [draft.reason() for draft in drafts]
