"""Which models a search with words looks at: those that say the words and those that are near in meaning, from the
index in the home folder, or from the database where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from graph import models
from graph.browse import narrowest, select
from graph.database import Database
from graph.errors import NotBuilt
from graph.facets import Found, filters_of, found_of
from graph.known import Known
from graph.query_language import Query
from graph.words import Row, WordIndex

#: How many models each of the two searches proposes, without and with filters.
CANDIDATES, _FILTERED = 200, 400
#: Up to so many models that pass the filters, or its narrowest, are all compared.
_NARROW = 1_000
#: Models that say the words and fail one filter alone: for the counts of its other values.
_BESIDE = 100
#: Letters a word needs to be taken as the beginning of a longer one.
_PREFIX = 3
#: In a graph of more models, words that a larger share of them has are not looked for in the full-text index.
_LARGE, _COMMON = 20_000, 0.03

Vector = Sequence[float]


class Proposals(Protocol):
    """Where a search finds what it looks at."""

    def both(self, query: Query, vector: Vector | None, wanted: int) -> tuple[list[list[Found]], bool]:
        """Lists of models, each best first, those by words in front; some may fail the filters. And whether these are
        all that say the words."""

    def said(self, word: str, *, begun: bool) -> bool:
        """Whether any model has this word, or with `begun` one that begins so."""

    def called(self, id: str) -> list[Found]:
        """The model that has this id or had it, if there is one."""


def proposals(db: Database, known: Known) -> Proposals:
    return _FromIndex(db, known, known.words) if known.words else _FromDatabase(db, known)


class _FromIndex:
    def __init__(self, db: Database, known: Known, index: WordIndex) -> None:
        self._db, self._known, self._index = db, known, index

    def both(self, query: Query, vector: Vector | None, wanted: int) -> tuple[list[list[Found]], bool]:
        words, filters = models.words(query.free), query.filters
        k, by_word, near = max(CANDIDATES, 2 * wanted), [], []
        if words:
            begun = _begun(words, self._known)
            by_word = self._index.find(words, begun, k, filters)
            complete = len(by_word) < k
            for field in filters:
                by_word += self._index.find(words, begun, _BESIDE, query.having(field, None).filters)
        if vector:
            narrow = bool(filters) and self._index.count(filters) <= _NARROW
            most = k if narrow or not filters else max(_FILTERED, k)
            near = self._index.nearest(vector, most, filters if narrow else None)
        return [_found(by_word), *([_found(near)] if near else [])], not vector and bool(words) and complete

    def said(self, word: str, *, begun: bool) -> bool:
        return bool(self._index.find([word], word if begun else None, 1))

    def called(self, id: str) -> list[Found]:
        rows = self._index.get([id]) or self._index.get(_renamed(self._db, id))
        return _found(rows)


class _FromDatabase:
    def __init__(self, db: Database, known: Known) -> None:
        self._db, self._known = db, known

    def both(self, query: Query, vector: Vector | None, wanted: int) -> tuple[list[list[Found]], bool]:
        start, there = narrowest(self._db, query, self._known)
        if there > _NARROW:
            start = None
        k = max(CANDIDATES if start or not query.filters else _FILTERED, 2 * wanted)
        tell = {name: query.filters.get(name) for name in ("base", "dataset")}
        words = models.words(query.free)
        with ThreadPoolExecutor(1) as beside:
            near = beside.submit(self._by_meaning, vector, k, tell)
            said = self._db.read("explore/search_text", words=_any(words, self._known), k=k, **tell) if words else []
            by_word = _found(said)
            lists = [by_word, *([found] if (found := near.result()) else [])]
        if start and vector and self._passing(query, lists) < wanted:
            lists.append(select(self._db, query, start, "downloads", k, vector))
        return lists, vector is None and len(by_word) < k

    def said(self, word: str, *, begun: bool) -> bool:
        return bool(self._db.read("explore/search_text", words=f"{word} {word}*" if begun else word, k=1))

    def called(self, id: str) -> list[Found]:
        ids = _renamed(self._db, id)
        return select(self._db, Query(), {"ids": ids}, "downloads", 1) if ids else []

    def _by_meaning(self, vector: Vector | None, k: int, tell: Mapping[str, Any]) -> list[Found]:
        """Nothing, while the first vectors are still being made."""
        try:
            return _found(self._db.read("explore/search_meaning", vector=vector, k=k, **tell)) if vector else []
        except NotBuilt:
            return []

    def _passing(self, query: Query, lists: Sequence[Sequence[Found]]) -> int:
        passing = filters_of(query).values()
        found = {each.card.id: each for several in lists for each in several}
        return sum(all(fits(each) for fits in passing) for each in found.values())


def _renamed(db: Database, id: str) -> list[str]:
    return [row["id"] for row in db.read("explore/resolve", ids=[id])]


def _found(rows: Sequence[Row]) -> list[Found]:
    """Each model once."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row["id"], row)
    return [found_of(row) for row in first.values()]


def _begun(words: Sequence[str], known: Known) -> str | None:
    """The last word, which may be the beginning of a longer one, where it is no known one."""
    return words[-1] if len(words[-1]) >= _PREFIX and words[-1] not in known.speller else None


def _any(words: Sequence[str], known: Known) -> str:
    """Any of the words, for the database's full-text index. Words of very many models are left to the search by
    meaning: it reads every model of each word."""
    begun = [f"{word}*"] if (word := _begun(words, known)) else []
    most = known.total * _COMMON if known.total > _LARGE else known.total
    telling = [word for word in words if known.models_of(word) <= most] or [min(words, key=known.models_of)]
    return " ".join([*dict.fromkeys(telling), *begun])
