"""Which models can be recommended beside another at all.

What a model says of itself, another has to say too: to be for the same sort of task, and for one of its languages
unless that is English, which mostly goes without saying. Of two packages (quantisations) by one owner the names must
have a word in common, since otherwise nothing may join them but who packed them. And nothing is recommended that hardly
anybody uses: no like, and few downloads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from graph.database import Database
from graph.neighbours import Booleans
from graph.types import IntArray

#: Tasks by sort, one a line: what models of one sort do can be done by each other, or is learned on top of each other.
_SORTS = """
    fill-mask feature-extraction sentence-similarity text-classification token-classification question-answering
        table-question-answering zero-shot-classification text-ranking text-retrieval multiple-choice
    text-generation text2text-generation conversational summarization translation table-to-text tabular-to-text
    automatic-speech-recognition audio-classification voice-activity-detection
    text-to-speech text-to-audio audio-to-audio
    image-classification object-detection image-segmentation depth-estimation zero-shot-image-classification
        zero-shot-object-detection image-feature-extraction keypoint-detection mask-generation video-classification
    text-to-image image-to-image unconditional-image-generation text-to-video image-to-video image-text-to-image
        image-text-to-video video-to-video
    text-to-3d image-to-3d
    image-to-text image-text-to-text video-text-to-text visual-question-answering document-question-answering
        visual-document-retrieval
    reinforcement-learning robotics
    tabular-classification tabular-regression time-series-forecasting
"""
SORTS: Mapping[str, int] = {
    task: number
    for number, line in enumerate(re.sub(r"\n {8}", " ", _SORTS).strip().splitlines())
    for task in line.split()
}

#: Downloads of a month that are enough without a like.
FEW_DOWNLOADS = 50
#: The task of models that do what all sorts do.
_EVERY_SORT = "any-to-any"
#: A model of more languages than this is one for many languages, as one that says "multilingual".
_FEW_LANGUAGES = 3
_ANY_LANGUAGE, _NO_LANGUAGE = "multilingual", "code"

#: Words of names that say how a model was packed or tuned, and not what it is.
_FORMS = frozenset(
    [
        "gguf",
        "ggml",
        "gptq",
        "awq",
        "exl",
        "hqq",
        "imat",
        "imatrix",
        "bnb",
        "bit",
        "quantized",
        "fp",
        "bf",
        "int",
        "instruct",
        "chat",
        "base",
        "hf",
        "model",
    ]
)
_WORDS_OF_BITS = 63


class Kinds:
    """What models have to agree in, of one row a model: `rows` as of `publish/kinds`."""

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
            every = _EVERY_SORT in row["tasks"]
            sorts.append(-1 if every else sum({1 << SORTS[task] for task in row["tasks"] if task in SORTS}))
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
                self._names[number] = _words(name)
        self._sorts = np.array(sorts, dtype=np.int64)
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
        """What keeps `other` from being recommended beside `model`: unused, sort, language or packed; None where
        nothing does."""
        pair = np.array([model]), np.array([other])
        if not self.used[other]:
            return "unused"
        if not self._same_sort(*pair)[0]:
            return "sort"
        if not self._same_language(*pair)[0]:
            return "language"
        return None if self.comparable(*pair)[0] else "packed"

    def _same_sort(self, models: IntArray, others: IntArray) -> Booleans:
        mine, theirs = self._sorts[models], self._sorts[others]
        return np.asarray((mine == 0) | ((mine & theirs) != 0))

    def _same_language(self, models: IntArray, others: IntArray) -> Booleans:
        mine, theirs = self._languages[models], self._languages[others]
        silent = ~(theirs != 0).any(1)
        unsaid = silent & (self._any[others] | self._english[models])
        return np.asarray(~(mine != 0).any(1) | ((mine & theirs) != 0).any(1) | unsaid)


def of_all(db: Database, ids: Sequence[str]) -> Kinds:
    """The kinds of all models, in the order of `ids`; of a model that is not in the graph nothing is known."""
    rows = {row["id"]: row for row in db.stream("publish/kinds")}
    return Kinds(rows.get(id_, _UNKNOWN) for id_ in ids)


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


_UNKNOWN: Mapping[str, Any] = {
    "tasks": (),
    "languages": (),
    **dict.fromkeys(("author", "title", "relation", "nameKey", "downloads", "likes")),
}


def _words(name: str) -> frozenset[str]:
    """The words of a name that say what it is: without formats, sizes and versions."""
    return frozenset(re.findall(r"[a-z]{2,}", name.lower())) - _FORMS
