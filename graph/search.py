"""Search: words and meaning together, filters of the query language, facets over what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph import models
from graph.browse import browse
from graph.database import Database
from graph.errors import BadInput, NotFound
from graph.facets import FacetValue, Found, counted, filters_of
from graph.known import Known, corrected
from graph.proposals import proposals
from graph.query_language import Query, parse
from graph.spelling import LEAST_LETTERS
from graph.types import ModelCard
from graph.words import moment

#: How much a first place counts against a later one.
_FUSION = 60
#: How many other values of a field are offered where nothing is found.
_OTHERS = 2

_ORDERS: dict[str, Callable[[Found], Any]] = {
    "downloads": lambda found: found.card.downloads or 0,
    "likes": lambda found: found.card.likes or 0,
    "newest": lambda found: found.created,
    "trending": lambda found: (found.trending, found.card.likes or 0),
}
SORTS = ("relevance", *_ORDERS)

#: Turns a text into its vector; None where no embedder has been made yet.
Embed = Callable[[str], Sequence[float] | None]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A query that would find something: without a filter (`value` is None) or with another value of its field."""

    field: str
    value: str | None
    query: Query
    count: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class Forms:
    """Other forms of a model: what all are called without their form, and the first of their ids."""

    name: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of an answer to `query`, which is the one that was asked or, where `corrected`, one spelt nearly so.

    `cards`: a model each; `forms[id]`: its other forms (quantisations, re-uploads) among what was looked at.
    `total`: models, forms too; a lower bound where `total_is_lower_bound`. `more`: there is a next page.
    `facets[facet]`: values in the order to show them. `notes` and `fallback` are sentences for people: filters that no
    model can fulfil, and where the answer is not what they asked for word by word.
    """

    query: Query
    cards: tuple[ModelCard, ...]
    forms: Mapping[str, Forms]
    total: int
    total_is_lower_bound: bool
    more: bool
    facets: Mapping[str, Sequence[FacetValue]]
    alternatives: tuple[Alternative, ...] = ()
    corrected: bool = False
    notes: tuple[str, ...] = ()
    fallback: str | None = None


def search(
    db: Database,
    text: str | Query,
    embed: Embed | None = None,
    *,
    known: Known | None = None,
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
    literal: bool = False,
    forms: bool = False,
) -> SearchPage:
    """Models whose words match those of a query or whose meaning is near, and that pass its filters, best first.

    A text that is a model's id brings that model first. Without words: all models that pass, the most downloaded first.
    A word that no model has is taken for one spelt nearly so, unless `literal`. Quantisations and re-uploads stand
    under the model of the same name; with `forms` each stands by itself. `known`: kept from one search to the next,
    it makes the next one quicker. Raises `BadInput`, `BadQuery` for a text that is no query.
    """
    if sort not in SORTS:
        raise BadInput(f"There is no sort order {sort!r}.", f"Known are: {', '.join(SORTS)}.")
    if limit < 1 or offset < 0:
        raise BadInput(f"limit is {limit} and offset {offset}.", "A limit is 1 or more, an offset 0 or more.")
    known = known or Known(db)
    query = parse(text) if isinstance(text, str) else text
    query, notes = _resolved(db, query, known)
    if not query.words:
        listed = browse(db, query, known, "downloads" if sort == "relevance" else sort, offset + limit)
        groups = _grouped(listed.found, (), forms or "name" in query.filters)
        page = _page(db, known, groups[offset : offset + limit])
        others = () if groups else _others(query, listed.facets, listed.kept_out, known.words is None)
        return SearchPage(
            query,
            *page,
            listed.total,
            listed.at_least,
            len(groups) > offset + limit,
            listed.facets,
            others,
            False,
            notes,
        )
    asked = _Asked(db, query, embed, known, offset + limit, literal)
    passing = filters_of(asked.query)
    kept = [each for each in asked.found if all(fits(each) for fits in passing.values())]
    if sort in _ORDERS:
        kept.sort(key=_ORDERS[sort], reverse=True)
    groups = _grouped(kept, models.words(asked.query.free), forms or "name" in query.filters)
    facets, kept_out = counted(asked.found, passing, not asked.complete)
    return SearchPage(
        asked.query,
        *_page(db, known, groups[offset : offset + limit]),
        total=len(kept),
        total_is_lower_bound=not asked.complete,
        more=len(groups) > offset + limit,
        facets=facets,
        alternatives=() if kept else _others(asked.query, facets, kept_out, not asked.complete),
        corrected=asked.corrected,
        notes=notes,
        fallback=asked.fallback if kept else None,
    )


def _resolved(db: Database, query: Query, known: Known) -> tuple[Query, tuple[str, ...]]:
    """The query with its base's present id, and a sentence on each value that no model has."""
    notes = []
    for name, value, near in known.unknown(query):
        most = ", ".join([*known.facts[name]][:5])
        notes.append(
            f"No model has {name}:{value}. " + (f"Did you mean {name}:{near}?" if near else f"Many have {most}.")
        )
    asked = {name: query.filters[name] for name in ("base", "author", "dataset") if name in query.filters}
    if known.words:  # what models of the index have needs no look into the database
        asked = {name: value for name, value in asked.items() if not known.words.count({name: value})}
    if "base" in asked:
        try:
            query = query.having("base", models.resolve(db, asked["base"]))
        except NotFound as unknown:
            notes.append(str(unknown))
    if "author" in asked and not db.read("explore/author", name=asked["author"]):
        notes.append(f"There is no author {asked['author']}. Case matters in authors' names.")
    if "dataset" in asked and not db.read("explore/dataset", id=asked["dataset"]):
        notes.append(f"There is no dataset {asked['dataset']}. Case matters in their ids.")
    return query, tuple(notes)


class _Asked:
    """What was found for a query with words: `found`, best first, whether these are all, and what has to be said."""

    def __init__(self, db: Database, query: Query, embed: Embed | None, known: Known, wanted: int, literal: bool):
        self._known, self._from = known, proposals(db, known)
        self.query, self.corrected = query, False
        lists, self.complete = self._from.both(query, embed(query.free) if embed else None, wanted)
        said = {} if literal else self._respelt(query, lists[0])
        if said:
            self.query, self.corrected = corrected(query, said), True
            lists, self.complete = self._from.both(self.query, embed(self.query.free) if embed else None, wanted)
        by_word = lists[0]
        exact = self._from.called(self.query.free) if len(self.query.words) == 1 else []
        named = [each for each in _named(by_word, self.query) if each.card.id not in {one.card.id for one in exact}]
        told = {each.card.id for each in (*exact, *named)}
        self.found = [*exact, *named, *(each for each in _fused(lists) if each.card.id not in told)]
        nearest = "No model has these words; these come nearest in meaning."
        self.fallback = None if by_word or exact else nearest

    def _respelt(self, query: Query, by_word: Sequence[Found]) -> dict[str, str]:
        """Words that no model has, each with the one that was probably meant; none where one has no such word."""
        said = {word for found in by_word for word in models.words(f"{found.card.id} {found.card.task}")}
        words = models.words(query.free)
        found = {}
        for word in dict.fromkeys(words):
            if len(word) < LEAST_LETTERS or not word.isalpha() or word in said or word in self._known.speller:
                continue
            if not self._from.said(word, begun=word == words[-1]):
                near = self._known.speller.near(word)
                if near:
                    found[word] = near
        return found


def _named(by_word: Sequence[Found], query: Query) -> list[Found]:
    """Those that are called what was asked for: every word is in their name."""
    words = {*models.words(query.free)}
    return [each for each in by_word if words and words <= {*models.words(each.card.id)}]


def _fused(lists: Sequence[Sequence[Found]]) -> list[Found]:
    """Reciprocal rank fusion."""
    scores: dict[str, float] = {}
    found: dict[str, Found] = {}
    for ranked in lists:
        for rank, each in enumerate(ranked, start=1):
            scores[each.card.id] = scores.get(each.card.id, 0.0) + 1.0 / (_FUSION + rank)
            found[each.card.id] = each
    return [found[id] for id in sorted(scores, key=lambda id: (-scores[id], -(found[id].card.downloads or 0), id))]


def _grouped(found: Sequence[Found], words: Sequence[str], apart: bool) -> list[tuple[Found, ...]]:
    """Models with their forms, in the order of the first of each: before the others the original, or the form that the
    words name."""
    groups: dict[str, list[Found]] = {}
    for each in found:
        groups.setdefault(each.card.id if apart else each.key, []).append(each)

    def place(each: Found) -> tuple[int, bool, bool]:
        named = len({*words} & {*models.words(each.card.id)})
        return -named, each.card.relation is not None, each.card.relation == "quantized"

    return [tuple(sorted(group, key=place)) if len(group) > 1 else tuple(group) for group in groups.values()]


def _page(
    db: Database, known: Known, groups: Sequence[tuple[Found, ...]]
) -> tuple[tuple[ModelCard, ...], dict[str, Forms]]:
    """Cards, and the other forms of each."""
    firsts = [group[0] for group in groups]
    if known.words:
        times = [(moment(each.created), moment(each.changed)) for each in firsts]
        cards = [
            replace(each.card, created_at=created, last_modified=changed)
            for each, (created, changed) in zip(firsts, times, strict=True)
        ]
    else:
        cards = [*models.cards(db, [each.card.id for each in firsts]).values()]
    several = {
        first.card.id: Forms(first.key, tuple(each.card.id for each in others)) for first, *others in groups if others
    }
    return tuple(cards), several


def _others(
    query: Query, facets: Mapping[str, Sequence[FacetValue]], kept_out: Mapping[str, int], at_least: bool
) -> tuple[Alternative, ...]:
    """Where nothing passes: other values of each filter's field, then the query without it."""
    found = []
    for field, value in query.filters.items():
        counts = sorted(facets.get(field, ()), key=lambda each: -each.count)
        others = [each for each in counts if each.value != value][:_OTHERS]
        found += [Alternative(field, o.value, query.having(field, o.value), o.count, o.at_least) for o in others]
        if kept_out.get(field):
            found.append(Alternative(field, None, query.having(field, None), kept_out[field], at_least))
    return tuple(found)
