"""Why a model is recommended: the score, taken apart into reasons that add up to it. Pure: arrays in, sentences out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from graph.drafts import LINEAGE, Draft, Facts, Node, pair_drafts, same, shared_draft, term_drafts, text_drafts
from graph.effect import leading
from graph.languages import text
from graph.score import Side, cosines, flows, mean, nearness, score_pair
from graph.types import Neighbour, Reason, Relation, Said, ScoreWeights, Step

#: Reasons that together carry less than this share of all that was said are left to the rest.
_FOLDED_SHARE = 0.02

_REST = Said("rest")

#: How many reasons are shown first.
FIRST = 3


def explain(
    query: Side,
    item: Side,
    *,
    terms: Sequence[str],
    weights: ScoreWeights,
    degrees: Mapping[Node, int],
    models: int,
    facts: Sequence[Neighbour] = (),
    relations: Mapping[tuple[str, str], Relation] | None = None,
    as_of: datetime | None = None,
) -> tuple[Reason, ...]:
    """All reasons for `item`, those to be shown first, then most contributing first, the rest last; contributions add
    up to the score.

    `degrees`, `models`, `relations` and `as_of` are as in `Facts`. `facts` are facts both have that may not be among
    the kept neighbours: those the network did not keep are evidence without a contribution. A query of several models
    is one `Side` whose facts hold a SELF for each, followed by that model's own facts (`together`).
    """
    known = Facts(degrees, models, relations or {}, as_of)
    drafts = _drafts(query, item, terms, weights, known, facts)
    places = {i: place for place, i in enumerate(leading(query, item, drafts, weights, FIRST), start=1)}
    total = score_pair(query, item, terms, weights)
    return with_rest([draft.reason(places.get(i, 0)) for i, draft in enumerate(drafts)], total)


def for_liked(
    liked: Sequence[Side], item: Side, *, terms: Sequence[str], weights: ScoreWeights, known: Facts, most: int
) -> tuple[Reason, ...]:
    """Reasons for `item` where somebody liked some models and the score is the mean of theirs: what each of the `most`
    that count most brings by evidence and by attention, and the terms. With all liked they add up to the score."""
    share = ScoreWeights(weights.scale / len(liked), {}, weights.text / len(liked))
    texts = np.stack([side.text if side.text.size else np.zeros_like(item.text) for side in liked])
    near = cosines(item.text, texts) if item.text.size else 0.0
    counts = nearness(item.embedding, np.stack([side.embedding for side in liked]), near, share)
    drafts: list[Draft] = []
    said: set[str] = set()
    for i in np.argsort(-counts)[:most]:
        drafts += _due_to(liked[i], item, share, known, said)
    drafts += term_drafts(item, terms, weights, known.as_of, bool(drafts))
    return tuple(draft.reason() for draft in drafts)


def _due_to(liked: Side, item: Side, weights: ScoreWeights, known: Facts, said: set[str]) -> list[Draft]:
    """What a liked model brings, a draft for evidence and one for attention, each said by the strongest of its kind,
    best one about what was not `said` yet."""
    made = []
    drafts = [*pair_drafts(liked, item, flows(liked, item, weights), known), *text_drafts(liked, item, weights)]
    for kind in ("evidence", "attention"):
        parts = [draft for draft in drafts if draft.kind == kind]
        if parts:
            total = sum(draft.contribution or 0.0 for draft in parts)
            lead = _lead(parts, total, said)
            said |= lead.subjects
            said_of = Said("because", (liked.key, lead.said, kind, len(parts) - 1))
            made.append(replace(lead, contribution=total, said=said_of))
    return made


def _lead(parts: Sequence[Draft], total: float, said: set[str]) -> Draft:
    """Which of `parts` says best what they add up to: one that counts as they do and that few models share."""

    def fits(draft: Draft) -> tuple[bool, bool, bool, bool, float]:
        towards = (draft.contribution or 0.0) * np.sign(total)
        return towards > 0, not draft.common, not said & draft.subjects, bool(draft.path), towards

    return max(parts, key=fits)


def told(found: Sequence[Reason], beside: Sequence[Reason], total: float, reasons: str) -> tuple[Reason, ...]:
    """What an answer tells of a score: `found`, the reasons of the method, all or (`reasons` "first") those to show
    first; `beside` in any case; and last the rest of `total`."""
    chosen = tuple(r for r in found if r.kind != "rest") if reasons == "all" else shown(found, FIRST - len(beside))
    return with_rest((*chosen, *beside), total)


def first(
    query: Side, item: Side, *, terms: Sequence[str], weights: ScoreWeights, known: Facts, n: int = FIRST
) -> tuple[Reason, ...]:
    """`shown(explain(...), n)`, in a fraction of the time."""
    drafts = _drafts(query, item, terms, weights, known, ())
    chosen = leading(query, item, drafts, weights, n)
    return tuple(drafts[i].reason(place) for place, i in enumerate(chosen, start=1))


def shown(reasons: Sequence[Reason], n: int = FIRST) -> tuple[Reason, ...]:
    """The `n` to show first. Where a score is a plain sum (no network, or several models that somebody liked), these
    are those that contribute most: no common facts, no two that say the same; where there are such, one of attention
    and one of evidence, best one with a path to see."""
    placed = sorted((reason for reason in reasons if reason.first), key=lambda reason: reason.first)
    return tuple(placed[:n]) if placed else _largest(reasons, n)


def _largest(reasons: Sequence[Reason], n: int) -> tuple[Reason, ...]:
    candidates = sorted(
        (r for r in reasons if r.kind in ("evidence", "attention") and not r.common),
        key=lambda r: -abs(r.contribution or 0.0),
    )
    chosen: list[Reason] = []
    said: set[str] = set()
    for kind in ("evidence", "attention"):
        fitting = [r for r in candidates if r.kind == kind and not said & _subjects(r)]
        best = next((r for r in fitting if r.path and (r.contribution or 0.0) >= 0.0), next(iter(fitting), None))
        if best is not None and len(chosen) < n:
            chosen.append(best)
            said |= _subjects(best)
    for each in candidates:
        if len(chosen) >= n:
            break
        if each not in chosen and not said & _subjects(each):
            chosen.append(each)
            said |= _subjects(each)
    return tuple(sorted(chosen, key=_order))


def together(sides: Sequence[Side]) -> Side:
    """One query out of several: its embedding is the mean of their unit embeddings, its facts are all of theirs."""
    shares = [1.0 / (len(sides) * (float(np.linalg.norm(side.embedding)) or 1.0)) for side in sides]
    return Side(
        label=sides[0].label,
        key=sides[0].key,
        embedding=mean([side.embedding for side in sides], len(sides)),
        facts=tuple(fact for side in sides for fact in side.facts),
        attention=np.concatenate([s.attention * np.float32(w) for s, w in zip(sides, shares, strict=True)]),
        projected=np.concatenate([side.projected for side in sides]),
        counts=sides[0].counts,
        text=mean([side.text for side in sides if side.text.size], len(sides)),
    )


def _drafts(
    query: Side, item: Side, terms: Sequence[str], weights: ScoreWeights, known: Facts, extra: Sequence[Neighbour]
) -> list[Draft]:
    drafts = pair_drafts(query, item, flows(query, item, weights), known) if query.facts and item.facts else []
    said = {subject for draft in drafts if draft.kind == "evidence" for subject in draft.subjects}
    owner = (query.label, query.key)
    drafts += [
        shared_draft((item.label, item.key), f, f, None, known, owner, True) for f in extra if same(f[2]) not in said
    ]
    drafts += text_drafts(query, item, weights)
    drafts += term_drafts(item, terms, weights, known.as_of, any(d.kind == "evidence" and not d.common for d in drafts))
    return _fold(drafts)


def briefly(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Of all reasons for a score those to show first, what has no share of it (counterfactuals), and the rest that all
    others leave, in the words of `reasons`."""
    first = shown(reasons)
    beside = [reason for reason in reasons if reason.kind == "counterfactual"]
    left = sum(reason.contribution or 0.0 for reason in reasons) - sum(each.contribution or 0.0 for each in first)
    return (*first, *beside, *(replace(each, contribution=left) for each in reasons if each.kind == "rest"))


def with_rest(reasons: Sequence[Reason], total: float) -> tuple[Reason, ...]:
    """`reasons`, those to be shown first, then most contributing first, and what they leave of the score `total` as the
    last one."""
    left = total - sum(reason.contribution or 0.0 for reason in reasons)
    return (*sorted(reasons, key=_order), Reason("rest", text(_REST), left, said=_REST))


def stored(reason: Reason) -> dict[str, Any]:
    """A reason as it is stored with a link: with what it is said from, for other languages."""
    return reason.as_json() | {"first": reason.first} | ({"said": reason.said.as_json()} if reason.said else {})


def restored(data: Mapping[str, Any]) -> Reason:
    """A reason as it was `stored`."""
    path = tuple(
        Step((step["from"]["label"], step["from"]["id"]), step["relationship"], (step["to"]["label"], step["to"]["id"]))
        for step in data["path"]
    )
    said = Said.of_json(data["said"]) if data.get("said") else None
    made = (data["kind"], data["text"], data["contribution"], path, data["cypher"], data["params"])
    return Reason(*made, said=said, first=data.get("first", 0))


def _order(reason: Reason) -> tuple[float, bool, float]:
    return (reason.first or np.inf, reason.contribution is None, -(reason.contribution or 0.0))


def _subjects(reason: Reason) -> set[str]:
    """What a reason is about, so that two that say the same are found."""
    its = [key.split("|", 1)[-1] for key in reason.params.get("its_facts", ())]
    return {same(str(each)) for each in (*its, *([reason.params["fact"]] if "fact" in reason.params else ()))}


def _fold(drafts: list[Draft]) -> list[Draft]:
    """Without the least ones, as long as all that is left out stays small and a reason of each kind stays. That one of
    the two was made from the other, or builds on it, is said however little it counts: everybody expects to read it."""
    sizes = {i: abs(d.contribution) for i, d in enumerate(drafts) if d.contribution is not None}
    order = sorted(sizes, key=lambda i: sizes[i])
    kept = {i for i, draft in enumerate(drafts) if draft.statement in LINEAGE}
    for kind in ("evidence", "attention"):
        best = max(
            (i for i in order if drafts[i].kind == kind), key=lambda i: (not drafts[i].common, sizes[i]), default=-1
        )
        kept.add(best)
    room = _FOLDED_SHARE * sum(sizes.values())
    gone = set()
    for i in order:
        room -= sizes[i]
        if room < 0:
            break
        gone.add(i)
    return [draft for i, draft in enumerate(drafts) if i in kept or i not in gone]
