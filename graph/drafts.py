"""A score, taken apart: every (fact of the query, fact of the item) cell goes to exactly one draft of a reason."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from graph import phrases
from graph.languages import text
from graph.score import Float64Array, Side, closeness, flows, term_shares
from graph.statements import statement
from graph.types import FACT_LABELS, Neighbour, Reason, ReasonKind, Relation, Said, ScoreWeights, Step

#: A fact that more than this share of all models have is `common`.
COMMON_SHARE = 0.05

Node = tuple[str, str]

_SHARED = {
    ("BASED_ON", "BASED_ON"): "why/shared_base",
    ("<BASED_ON", "<BASED_ON"): "why/shared_child",
    ("<BUILDS_ON", "<BUILDS_ON"): "why/shared_builder",
    ("BUILDS_ON", "BASED_ON"): "why/author_shared_base",
    ("<PUBLISHED_BY", "BASED_ON"): "why/author_model_child",
}

#: What says that one of the two was made from the other, or has built on it.
LINEAGE = ("why/made_from", "why/builds_on")

#: The subject of all that is said of texts; no key of a fact.
_TEXTS = ""

#: The window of the term built_on_90d.
RECENT = timedelta(days=90)


#: How many facts of the item a reason names that holds several, and how small they may be beside the largest.
NAMED = 2
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Draft:
    """A reason before it is worded: most of them are never shown, so words come last. `named` are the facts that it is
    not true without: those of the query (only where it is linked to the item), and those of the item."""

    kind: ReasonKind
    contribution: float | None
    path: tuple[Step, ...]
    said: Said
    statement: str
    params: Mapping[str, Any]
    common: bool = False
    named: tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]] = ((), ())

    def reason(self, first: int = 0) -> Reason:
        said = Said("sentence", (self.said, self.contribution))
        if self.said.name == "associated":
            said = Said("sentence", (self.said, None))  # says so itself
        elif self.said.name in ("shared", "lineage") and (self.contribution or 0.0) < 0:
            said = Said("sentence", (Said("uncounted", (self.said,)), None))
        cypher = statement(self.statement).text
        made = (self.kind, text(said), self.contribution, self.path, cypher, self.params, self.common)
        return Reason(*made, said=said, first=first)

    @property
    def subjects(self) -> set[str]:
        """What it is about, so that two that say the same are found; texts are one subject, whoever compares them."""
        if self.statement == "why/closeness":
            return {_TEXTS}
        return {_TEXTS if fact[0] == "SELF" else same(fact[2]) for facts in self.named for fact in facts}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the facts beside the vectors.

    `degrees[label, key]`: how many models have the fact (of a Model: how many are built on it); `models`: how many
    models there are; `relations[child, base]`: how the one was made from the other; `as_of`: the moment up to which
    the run's terms count.
    """

    degrees: Mapping[Node, int]
    models: int
    relations: Mapping[tuple[str, str], Relation] = field(default_factory=dict)
    as_of: datetime | None = None

    def common(self, fact: Neighbour) -> bool:
        """Whether over 5 % of all models have the fact; never a node itself or what links to it."""
        relationship, label, key = fact
        own = relationship == "SELF" or relationship.startswith("<")
        return not own and self.degrees.get((label, key), 0) > COMMON_SHARE * self.models


def pair_drafts(query: Side, item: Side, cells: Float64Array, known: Facts) -> list[Draft]:
    """Every cell of `cells` (facts of query, facts of item) in exactly one draft."""
    owners = _owners(query)
    alone = set(owners) == {("Model", query.key)}
    own = set(owners) | {(query.label, query.key)}
    other = (item.label, item.key)
    rows: dict[Node, list[int]] = {}
    for i, fact in enumerate(query.facts):
        rows.setdefault(fact[1:], []).append(i)
    free = np.ones(len(query.facts), dtype=bool)
    lineage: dict[Node, list[tuple[float, bool, Neighbour]]] = {}
    for i in rows.get(other, ()):
        free[i] = False
        lineage.setdefault(owners[i], []).append((float(cells[i].sum()), True, query.facts[i]))
    twins = np.zeros(cells.shape, dtype=bool)
    for j, fact in enumerate(item.facts):
        twins[rows.get(fact[1:], ()), j] = True
    twins &= free[:, None]
    whole = cells[free].sum(0)
    alike = np.where(twins, cells, 0.0).sum(0)
    apart = whole - alike
    plain = free & np.array([not known.common(fact) for fact in query.facts])
    leads = np.where(plain[:, None] & ~twins, cells * np.sign(apart), -np.inf)
    lead: list[int] = leads.argmax(0).tolist()
    led = set(np.flatnonzero(np.isfinite(leads).any(0)).tolist())
    twin: list[int] = np.where(twins, np.abs(cells), -1.0).argmax(0).tolist()
    twinned = set(np.flatnonzero(twins.any(0)).tolist())
    shared: dict[str, list[tuple[float, int, Neighbour]]] = {}
    attention: dict[tuple[int, bool], list[tuple[float, Neighbour]]] = {}
    common: dict[ReasonKind, list[tuple[float, Node]]] = {}
    for j, fact in enumerate(item.facts):
        node = fact[1:]
        if node in own:
            lineage.setdefault(node, []).append((float(whole[j]), False, fact))
            continue
        widespread = known.common(fact)
        if j in twinned and widespread:
            common.setdefault("evidence", []).append((float(alike[j]), node))
        elif j in twinned:
            shared.setdefault(same(node[1]), []).append((float(alike[j]), twin[j], fact))
        if widespread or j not in led:
            common.setdefault("attention", []).append((float(apart[j]), node))
        else:
            attention.setdefault((lead[j], bool(apart[j] >= 0)), []).append((float(apart[j]), fact))
    drafts = [_lineage_draft(item, node, links, known) for node, links in lineage.items()]
    for group in shared.values():
        _, i, fact = max(group, key=lambda each: abs(each[0]))
        share = sum(each[0] for each in group)
        drafts.append(shared_draft(other, query.facts[i], fact, share, known, owners[i], alone))
    for (i, _), apart_of in attention.items():
        drafts.append(_attention_draft(item, query.facts[i], apart_of, shared.keys(), owners[i]))
    drafts += [common_draft(other, kind, group) for kind, group in common.items()]
    return drafts


def parts(query: Side, item: Side, terms: Sequence[str], weights: ScoreWeights, known: Facts) -> dict[str, list[Draft]]:
    """The drafts of a score by what they are about: `shared` facts, `lineage`, `attention`, `texts`, and what was
    `built` on the item."""
    found: dict[str, list[Draft]] = {}
    for draft in pair_drafts(query, item, flows(query, item, weights), known):
        evidence = "lineage" if draft.statement in LINEAGE else "shared"
        part = "attention" if draft.kind == "attention" else evidence
        found.setdefault(part, []).append(draft)
    found["texts"] = text_drafts(query, item, weights)
    found["built"] = term_drafts(item, terms, weights, known.as_of, True)
    return found


def _owners(query: Side) -> list[Node]:
    """Whose each fact of the query is: that of the SELF before it."""
    owners: list[Node] = []
    owner = (query.label, query.key)
    for relationship, label, key in query.facts:
        if relationship == "SELF":
            owner = (label, key)
        owners.append(owner)
    return owners


def link_step(owner: Node, fact: Neighbour) -> tuple[Step, ...]:
    """The edge between a node and one of its facts, as the graph stores it; none from a node to itself."""
    relationship, *end = fact
    node = (end[0], end[1])
    if relationship == "SELF":
        return ()
    if relationship.startswith("<"):
        return (Step(node, relationship[1:], owner),)
    return (Step(owner, relationship, node),)


def _lineage_draft(item: Side, owner: Node, links: Sequence[tuple[float, bool, Neighbour]], known: Facts) -> Draft:
    """One end is the other model: `links` hold (contribution, whether the fact is the query's, the fact)."""
    _, of_query, fact = max(links, key=lambda each: abs(each[0]))
    other = (item.label, item.key)
    path = link_step(owner if of_query else other, fact)
    relationship = fact[0]
    upward = relationship.startswith("<")
    # Said from the end that the edge starts at: of the child, "it is built on …".
    query_starts = of_query != upward
    relation = known.relations.get((path[0].start[1], path[0].end[1])) if path else None
    subject, base = (owner, other) if query_starts else (other, owner)
    who = phrases.name(*owner) if query_starts else None
    said = Said("lineage", (who, relationship.lstrip("<"), phrases.name(*base), relation))
    if relationship.lstrip("<") == "BASED_ON":
        name, params = "why/made_from", {"a": subject[1], "b": base[1]}
    else:
        name, params = "why/builds_on", {"a": owner[1], "b": item.key}
    heard = tuple(tuple(fact for _, mine, fact in links if mine == of_query) for of_query in (True, False))
    return Draft("evidence", sum(each[0] for each in links), path, said, name, params, named=(heard[0], heard[1]))


def shared_draft(
    item: Node,
    fact: Neighbour,
    other: Neighbour,
    contribution: float | None,
    known: Facts,
    owner: Node,
    alone: bool,
) -> Draft:
    """Both have the same fact: `fact` is the link of the query's model `owner`, `other` the item's. The query is
    `alone` where it is a single model."""
    who = None if alone and fact[0] == other[0] else phrases.name(*owner)
    key = fact[2]
    relations = (known.relations.get((owner[1], key)), known.relations.get((item[1], other[2])))
    told = fact[0] == other[0] and alone and not fact[0].startswith("<")
    rare = known.degrees.get(fact[1:]) if told else None
    said = Said("shared", (who, fact, other, relations, rare, known.models))
    name, params = _shared_statement(owner, item[1], fact, other)
    path = link_step(owner, fact) + link_step(item, other)
    unweighed = contribution is None and known.common(other)
    return Draft("evidence", contribution, path, said, name, params, common=unweighed, named=((), (other,)))


_Asked = tuple[str, dict[str, Any]]


def _shared_statement(owner: Node, item: str, fact: Neighbour, other: Neighbour) -> _Asked:
    params = {"a": owner[1], "b": item, "fact": fact[2]}
    links = (fact[0], other[0])
    if links == ("BASED_ON", "<BASED_ON"):
        return "why/base_of_base", params
    if links == ("<BASED_ON", "BASED_ON"):
        return "why/base_of_base", params | {"a": item, "b": owner[1]}
    found = _SHARED.get(links)
    if found is None and fact[0] == other[0] and fact[1] in FACT_LABELS and not fact[0].startswith("<"):
        found = f"why/shared_{fact[1].lower()}"
    return (found, params) if found else _facts_statement(owner, item, [fact], [other])


def _facts_statement(owner: Node, item: str, mine: Sequence[Neighbour], its: Sequence[Neighbour]) -> _Asked:
    """Facts side by side, whatever their relationships."""
    listed = ([f"{relationship.lstrip('<')}|{key}" for relationship, _, key in facts] for facts in (mine, its))
    name = "why/author_facts" if owner[0] == "Author" else "why/facts"
    return name, {"a": owner[1], "b": item} | dict(zip(("facts", "its_facts"), listed, strict=True))


def _attention_draft(
    item: Side, fact: Neighbour, group: Sequence[tuple[float, Neighbour]], shared: Container[str], owner: Node
) -> Draft:
    """What the network made of the item's facts in `group` (contribution, fact), seen from the query's `fact` that
    carries most of each. Named are the largest, each thing once: facts that are not `shared`, else its name and
    description, else shared ones."""

    def place(each: tuple[float, Neighbour]) -> tuple[int, float]:
        share, (relationship, _, key) = each
        return 1 if relationship == "SELF" else 2 if same(key) in shared else 0, -abs(share)

    by_size = sorted(group, key=place)
    once = {same(each[1][2]): each for each in reversed(by_size)}
    others = [each for each in by_size if once[same(each[1][2])] is each]
    least = LEAST * abs(others[0][0])
    alike = [each for each in others if place(each)[0] == place(others[0])[0]]
    named = [fact for share, fact in alike if abs(share) >= least][:NAMED]
    contribution = sum(share for share, _ in group)
    said = Said("associated", (phrases.name(*owner), fact, named, len(others) > len(named), contribution >= 0))
    links = dict.fromkeys(step for each in named for step in link_step((item.label, item.key), each))
    path = link_step(owner, fact) + tuple(links)
    name, params = _facts_statement(owner, item.key, [fact], named)
    return Draft("attention", contribution, path, said, name, params, named=((), tuple(named)))


def common_draft(item: Node, kind: ReasonKind, group: Sequence[tuple[float, Node]]) -> Draft:
    """All the facts that very many models have, together."""
    nodes = [node for _, node in sorted(group, key=lambda each: (-abs(each[0]), each[1]))]
    said = Said("common", (kind, nodes))
    params = {"b": item[1], "facts": [key for _, key in nodes]}
    return Draft(kind, sum(share for share, _ in group), (), said, "why/common_facts", params, common=True)


def text_drafts(query: Side, item: Side, weights: ScoreWeights) -> list[Draft]:
    """How near the texts of the two are, where that counts."""
    near = closeness(query, item)
    if not weights.text or not near:
        return []
    owners = list(dict.fromkeys(key for _, key in _owners(query))) or [query.key]
    params = {"ids": owners, "b": item.key}
    return [Draft("evidence", weights.text * near, (), Said("closeness", (near,)), "why/closeness", params)]


def term_drafts(
    item: Side, terms: Sequence[str], weights: ScoreWeights, as_of: datetime | None, has_evidence: bool
) -> list[Draft]:
    """One draft of all terms, which are counts of what was built on the model; where they carry nothing, only if there
    is no other evidence."""
    if not terms:
        return []
    share = sum(term_shares(item, terms, weights).values())
    if has_evidence and not share:
        return []
    counts = dict(zip(terms, item.counts.tolist(), strict=True))
    params = {
        "b": item.key,
        "since": (as_of - RECENT).isoformat() if as_of else None,
        "until": as_of.isoformat() if as_of else None,
    }
    return [Draft("evidence", share, (), Said("terms", (counts,)), "why/built_on", params)]


@lru_cache(maxsize=100_000)
def same(key: str) -> str:
    """One name for what stands under several labels (the dataset stanfordnlp/snli and the tag SNLI)."""
    return "".join(letter for letter in key.rsplit("/", 1)[-1].lower() if letter.isalnum()) or key
