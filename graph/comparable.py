"""Which models can be recommended beside another at all.

What a model says of itself, another has to say too: to be for the same sort of task, and for one of its languages
unless that is English, which mostly goes without saying. A model that says no task counts as one for what all
else that is known of it tells (`graph.sorts`); where nothing does, too little is known to recommend anything. Of two
packages (quantisations) by one owner the names must have a word in common, since otherwise nothing may join them but
who packed them. And nothing is recommended that hardly anybody uses: no like, and few downloads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from graph.database import Database
from graph.neighbours import Booleans
from graph.sorts import EVERY_SORT, likely_tasks, says_none, sorts_of, words
from graph.types import IntArray

#: Downloads of a month that are enough without a like.
FEW_DOWNLOADS = 50
#: A model of more languages than this is one for many languages, as one that says "multilingual".
_FEW_LANGUAGES = 3
_ANY_LANGUAGE, _NO_LANGUAGE = "multilingual", "code"
_WORDS_OF_BITS = 63


class Kinds:
    """What models have to agree in, of one row a model: `rows` as of `recommend/kinds`."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        sorts: list[int] = []
        owners: list[int] = []
        self._names: dict[int, frozenset[str]] = {}
        known: dict[str, int] = {}
        languages: dict[str, int] = {}
        spoken: list[tuple[int, int]] = []
        any_language: list[bool] = []
        english: list[bool] = []
        used: list[bool] = []
        for number, row in enumerate(rows):
            said = sorts_of(row["tasks"]) or sorts_of([row["likelyTask"]])
            sorts.append(-1 if EVERY_SORT in row["tasks"] else sum(1 << sort for sort in said))
            named = [each for each in row["languages"] if each != _NO_LANGUAGE]
            any_language.append(len(named) > _FEW_LANGUAGES or _ANY_LANGUAGE in named)
            english.append(named == ["en"])
            downloads = row["downloads"]
            used.append(downloads is None or downloads >= FEW_DOWNLOADS or bool(row["likes"]))
            if not any_language[-1]:
                spoken += [(number, languages.setdefault(each, len(languages))) for each in named]
            name = row["nameKey"] or ""
            packed = row["author"] and (row["relation"] == "quantized" or name != (row["title"] or "").lower())
            owners.append(known.setdefault(row["author"], len(known)) if packed else -1)
            if packed:
                self._names[number] = words(name)
        self._sorts = np.array(sorts, dtype=np.int64)
        #: (models,): of which nothing tells what they are for.
        self.silent = self._sorts == 0
        self._owners = np.array(owners, dtype=np.int32)
        self._languages = np.zeros((len(sorts), len(languages) // _WORDS_OF_BITS + 1), dtype=np.int64)
        for number, language in spoken:
            self._languages[number, language // _WORDS_OF_BITS] |= 1 << (language % _WORDS_OF_BITS)
        self._any = np.array(any_language, dtype=bool)
        self._english = np.array(english, dtype=bool)
        #: (models,): whether somebody uses each, or it is not said.
        self.used = np.array(used, dtype=bool)

    def comparable(self, models: IntArray, others: IntArray) -> Booleans:
        """(pairs,): whether each of `others` can be recommended beside the one of `models` (both rows)."""
        agree = self.used[others] & self._same_sort(models, others) & self._same_language(models, others)
        packed = agree & (self._owners[models] >= 0) & (self._owners[models] == self._owners[others])
        for pair in np.flatnonzero(packed).tolist():
            agree[pair] = not self._names[int(models[pair])].isdisjoint(self._names[int(others[pair])])
        return agree

    def obstacle(self, model: int, other: int) -> str | None:
        """What keeps `other` from being recommended beside `model`: silent (of what `model` is for nothing is known),
        unused, sort, language or packed; None where nothing does."""
        pair = np.array([model]), np.array([other])
        if self.silent[model]:
            return "silent"
        if not self.used[other]:
            return "unused"
        if not self._same_sort(*pair)[0]:
            return "sort"
        if not self._same_language(*pair)[0]:
            return "language"
        return None if self.comparable(*pair)[0] else "packed"

    def _same_sort(self, models: IntArray, others: IntArray) -> Booleans:
        return np.asarray((self._sorts[models] & self._sorts[others]) != 0)

    def _same_language(self, models: IntArray, others: IntArray) -> Booleans:
        mine, theirs = self._languages[models], self._languages[others]
        silent = ~(theirs != 0).any(1)
        unsaid = silent & (self._any[others] | self._english[models])
        return np.asarray(~(mine != 0).any(1) | ((mine & theirs) != 0).any(1) | unsaid)


def of_all(db: Database, ids: Sequence[str]) -> tuple[Kinds, list[str | None]]:
    """The kinds of all models, in the order of `ids`, and the likely task of those that say none; of a model that is
    not in the graph nothing is known."""
    rows = list(db.stream("publish/kinds"))
    known = {row["id"]: {**row, "likelyTask": task} for row, task in zip(rows, likely_tasks(rows), strict=True)}
    asked = [known.get(id_, _UNKNOWN) for id_ in ids]
    return Kinds(asked), [row["likelyTask"] for row in asked]


def likely_of(db: Database, ids: Sequence[str]) -> list[str | None]:
    """The likely task of those of some models that say none. What all models say is read only where one says none."""
    if any(says_none(row) for row in db.read("recommend/kinds", ids=list(ids))):
        return of_all(db, ids)[1]
    return [None] * len(ids)


def of_some(db: Database, ids: Sequence[str]) -> Kinds:
    """The same, where these are few."""
    rows = {row["id"]: row for row in db.read("recommend/kinds", ids=list(ids))}
    return Kinds(rows.get(id_, _UNKNOWN) for id_ in ids)


def beside(db: Database, asked: Sequence[str], ids: Sequence[str]) -> set[str]:
    """Those of `ids` that can be recommended beside any of the models `asked`."""
    kinds = of_some(db, [*asked, *ids])
    others = np.arange(len(asked), len(asked) + len(ids))
    allowed = np.zeros(len(ids), dtype=bool)
    for number in range(len(asked)):
        allowed |= kinds.comparable(np.full(len(ids), number), others)
    return {id_ for id_, each in zip(ids, allowed.tolist(), strict=True) if each}


def silent(db: Database, ids: Sequence[str]) -> list[str]:
    """Those of `ids` of which nothing tells what they are for."""
    return [id_ for id_, each in zip(ids, of_some(db, ids).silent.tolist(), strict=True) if each]


_UNKNOWN: Mapping[str, Any] = {
    "tasks": (),
    "languages": (),
    **dict.fromkeys(("author", "title", "relation", "nameKey", "downloads", "likes", "likelyTask")),
}
