"""The two methods without a network: cosine of the models' text vectors, weighted Jaccard index of their facts.

The Jaccard index of two models is the weight of the facts that both have over the weight of those that either has
(author and bases are no such facts). A fact weighs the more, the fewer models have it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log

from graph import models
from graph.candidates import controlled
from graph.database import Database
from graph.drafts import Draft, Facts, common_draft, shared_draft
from graph.errors import NotBuilt
from graph.filters import Filters
from graph.languages import because
from graph.ranking import Ranked, chosen, listed
from graph.reasons import told, with_rest
from graph.sides import count_models
from graph.types import Neighbour, Reason, Recommendation, Said, Step

METHODS = ("cosine", "jaccard")

#: Relationships whose facts do not count for the Jaccard index.
_UNWEIGHED = ("PUBLISHED_BY", "BASED_ON")


def fact_weight(degree: int, models: int) -> float:
    """What a fact that `degree` of `models` models have weighs: a smoothed inverse document frequency."""
    return log(1.0 + models / max(degree, 1))


@dataclass(frozen=True, slots=True)
class _Compared:
    """Facts and bases of some models, and how common each fact is."""

    facts: Mapping[str, Sequence[Neighbour]]
    known: Facts

    def shared(self, a: str, b: str) -> list[Neighbour]:
        mine = set(self.facts.get(a, ()))
        return [fact for fact in self.facts.get(b, ()) if fact in mine]

    def jaccard(self, a: str, b: str) -> dict[Neighbour, float]:
        """What each shared fact adds to the Jaccard index of the two."""
        either = {fact for id in (a, b) for fact in self.facts.get(id, ()) if fact[0] not in _UNWEIGHED}
        whole = sum(map(self._weight, either))
        return {f: self._weight(f) / whole for f in self.shared(a, b) if f[0] not in _UNWEIGHED}

    def _weight(self, fact: Neighbour) -> float:
        return fact_weight(self.known.degrees.get(fact[1:], 1), self.known.models)


def recommend(
    db: Database,
    ids: Sequence[str],
    method: str,
    *,
    k: int,
    sort: str,
    filters: Filters,
    reasons: str,
    novelty: float = 0.0,
    liked: bool = False,
    without: Collection[str] = (),
    shown: int | None = None,
) -> tuple[Recommendation, ...]:
    """The k best of the stored similarities; of several models by the mean. Where somebody `liked` them, reasons say
    so, and other forms of them are left out; `without` and `shown` are as of `ranking.chosen`. Raises `NotBuilt`."""
    rows = db.read("recommend/similar", ids=list(ids), method=method)
    if not rows and not db.read("recommend/any_similar", method=method):
        raise NotBuilt(f"No {method} similarities have been computed yet.", "Run: hfmrs build")
    own = [row["card"] for row in db.read("explore/cards", ids=list(ids))]
    asked = [models.card_of(each) for each in own]
    variants = {each.get("nameKey") for each in own if liked} - {None}
    scores: dict[str, dict[str, float]] = {}
    for row in rows:
        scores.setdefault(row["card"]["id"], {})[row["query"]] = row["score"] / len(ids)
    cards = {row["card"]["id"]: models.card_of(row["card"]) for row in rows}
    keys = {row["card"]["id"]: row["card"].get("nameKey") for row in rows}
    passing = [
        id for id, card in cards.items() if id not in ids and keys[id] not in variants and filters.allows(card, asked)
    ]
    found = controlled([(cards[id], keys[id], sum(scores[id].values())) for id in passing], novelty)
    ranked = chosen(found, k, sort, without, shown)
    made: dict[str, tuple[Reason, ...]] = {}
    if reasons != "none":
        compared = _compared(db, [*ids, *(each.card.id for each in ranked)])
        for each in ranked:
            parts = scores[each.card.id]
            alone = liked or len(ids) == 1
            full = [
                because(a, reason) if liked else reason
                for a in parts
                for reason in _reasons(method, a, each.card.id, parts[a], len(ids), compared, alone)
            ]
            made[each.card.id] = told(full, each.beside, each.score, reasons)
    return listed(method, ranked, sort, made)


def why(db: Database, a: str, b: str, method: str) -> Recommendation:
    """The similarity of any two models with all its reasons; worked out where it is not stored."""
    row = db.read("why/pair_similarity", a=a, b=b, method=method)[0]
    score = row["score"]
    compared = _compared(db, [a, b])
    if score is None and method == "jaccard":
        score = sum(compared.jaccard(a, b).values())
    elif score is None:
        score = row["cosine"]
    if score is None:
        raise NotBuilt("The two models have no text vectors yet.", "Run: hfmrs build --only embed")
    made = with_rest(_reasons(method, a, b, score, 1, compared, True), score)
    return listed(method, [Ranked(models.cards(db, [b])[b], score)], "score", {b: made})[0]


def _compared(db: Database, ids: Sequence[str]) -> _Compared:
    facts: dict[str, list[Neighbour]] = {}
    degrees: dict[tuple[str, str], int] = {}
    for row in db.read("why/facts_of_models", ids=list(dict.fromkeys(ids))):
        facts[row["id"]] = sorted((relationship, label, key) for relationship, label, key, _ in row["facts"])
        degrees |= {(label, key): int(degree or 0) for _, label, key, degree in row["facts"]}
    return _Compared(facts, Facts(degrees, count_models(db, "", None)))


def _reasons(method: str, a: str, b: str, share: float, asked: int, compared: _Compared, alone: bool) -> list[Reason]:
    """What one of `asked` models brings to the score, its `share`, and what else the two share, without any. Where it
    is said `alone`, "both" are plain."""
    owner, item, known = ("Model", a), ("Model", b), compared.known
    parts = compared.jaccard(a, b) if method == "jaccard" else {}
    drafts: list[Draft] = []
    if method == "cosine":
        path = (Step(owner, "SIMILAR_TO", item),)
        params = {"a": a, "b": b, "method": method}
        drafts.append(Draft("evidence", share, path, Said("closeness", (share * asked,)), "why/similar", params))
    common = [(part / asked, fact[1:]) for fact, part in parts.items() if known.common(fact)]
    if common:
        drafts.append(common_draft(item, "evidence", common))
    for fact in compared.shared(a, b):
        part = parts.get(fact)
        if part is None or not known.common(fact):
            contribution = None if part is None else part / asked
            drafts.append(shared_draft(item, fact, fact, contribution, known, owner, alone))
    return [draft.reason() for draft in drafts]
