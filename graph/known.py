"""What the graph knows by name: the values of facets, well-known models, and the words they are made of.

Read when first asked for, then kept in memory: about 10 MB however large the graph is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from heapq import nlargest, nsmallest
from pathlib import Path
from typing import Any

from graph.database import Database
from graph.query_language import EXAMPLES, FIELDS, Query
from graph.spelling import LEAST_LETTERS, Speller
from graph.words import WordIndex, of

#: Fields whose values are facts of the graph.
FACTS = ("task", "library", "license", "language")

#: Models are known by name that have so many downloads: the first number that gives enough of them, and none that
#: hardly would in a graph of so few models.
_DOWNLOADS, _ENOUGH = (10_000, 1_000, 100, 0), 20_000
#: Suggestions: how many of models, of everything, and how few models by name make one ask the graph for more.
_MODELS, _ALL = 5, 8
#: Letters of a name that the graph is asked for.
_LETTERS = 3
_NEAR = 0.6
#: What lists are ordered by.
_FLOORS = ("downloads", "likes", "created")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody may be typing. `kind`: model, or the field of a value; `query`: the text with it in its place;
    `models`: how many have it (of a model: its downloads), None where that is not known."""

    kind: str
    value: str
    query: str
    models: int | None = None


class Known:
    """The names in one graph, as it was when they were first asked for."""

    def __init__(self, db: Database, home: Path | None = None) -> None:
        """`home`: where the index of words lies, if there is one."""
        self._db, self._home = db, home
        self._words: WordIndex | None = None
        self._speller: Speller | None = None

    @cached_property
    def facts(self) -> Mapping[str, Mapping[str, int]]:
        """How many models have each value, by field (and `tag`), the most frequent first."""
        found: dict[str, dict[str, int]] = {name: {} for name in (*FACTS, "tag")}
        for row in sorted(self._db.read("explore/known_facts"), key=lambda row: (-row["models"], row["name"])):
            found[row["field"]][row["name"]] = int(row["models"])
        return found

    @property
    def words(self) -> WordIndex | None:
        """The index of the words of all models; None where there is none of this state of the graph."""
        if self._words is None and self._home:
            self._words = of(self._db, self._home)
        return self._words

    @cached_property
    def total(self) -> int:
        """How many models there are."""
        return int(self._db.read("explore/count_models")[0]["models"])

    @cached_property
    def names(self) -> tuple[list[str], list[tuple[int, str]]]:
        """The most downloaded models: their names in lower case, sorted, and beside each (downloads, id)."""
        return self._most[0], self._most[1]

    @cached_property
    def _most(self) -> tuple[list[str], list[tuple[int, str]], Mapping[str, Sequence[Any]]]:
        """Names, models, and their downloads, likes and times, the highest first."""
        rows: list[dict[str, Any]] = []
        for at_least in (each for each in _DOWNLOADS if each <= self.total / 1_000):
            rows = self._db.read("explore/known_names", at_least=at_least)
            if len(rows) >= _ENOUGH:
                break
        found = sorted((str(row["id"]).rsplit("/", 1)[-1].lower(), (row["downloads"], row["id"])) for row in rows)
        highest = {name: sorted((row[name] for row in rows if row[name] is not None), reverse=True) for name in _FLOORS}
        return [name for name, _ in found], [model for _, model in found], highest

    def floor(self, of: str, reach: int) -> Any:
        """The `downloads`, `likes` or `created` that about `reach` models have at least."""
        highest = self._most[2][of]
        if of == "created":  # the most downloaded are among the most liked, but no more among the newest than others
            reach = reach * len(highest) // self.total
        return highest[min(max(reach, 1), len(highest)) - 1] if highest else None

    @property
    def speller(self) -> Speller:
        """The words of names and facts."""
        if self._speller is None:
            words: Counter[str] = Counter(word for name in self.names[0] for word in _letters(name))
            scale = self.total / max(len(self.names[0]), 1)  # the names are those of some of all models
            words = Counter({word: int(count * scale) for word, count in words.items()})
            for values in self.facts.values():
                for value, models in values.items():
                    words.update(dict.fromkeys(_letters(value.lower()), models))
            self._speller = Speller(words)
        return self._speller

    def models_of(self, word: str) -> int:
        """In how many models' names and facts the word is, roughly; 0 where it is in none that is known by name."""
        return self.speller.count(word)

    def unknown(self, query: Query) -> list[tuple[str, str, str | None]]:
        """Of the filters by facts: (field, value that no model has, a value spelt nearly so)."""
        wrong = [(name, query.filters[name]) for name in FACTS if name in query.filters]
        return [
            (name, value, next(iter(get_close_matches(value, self.facts[name], 1, _NEAR)), None))
            for name, value in wrong
            if value not in self.facts[name]
        ]

    def suggest(self, text: str) -> list[Suggestion]:
        """What the last word of `text` may become: values of its field, or fields, facts and models that begin so."""
        head, _, word = text.rpartition(" ")
        name, colon, value = word.partition(":")
        before = f"{head} " if head else ""
        if colon:
            return [
                Suggestion(name, each, f"{before}{Query((), {name: each}).text} ", models)
                for each, models in self._values(name, value.lower())
            ][:_ALL]
        facts = [
            Suggestion(field, each, f"{before}{Query((), {field: each}).text} ", models)
            for field in FACTS
            for each, models in self._values(field, word.lower(), inside=True)
            if len(word) > 1
        ]
        fields = [
            Suggestion("field", f"{each}:", f"{before}{each}:")
            for each in FIELDS
            if len(word) > 1 and each.startswith(word.lower())
        ]
        models = self.begun(text) if len(text.strip()) > 1 else []
        facts = nlargest(_ALL - min(len(models), _MODELS), facts, key=lambda each: each.models or 0)
        return [*fields[:1], *facts, *models][:_ALL]

    def begun(self, text: str) -> list[Suggestion]:
        """Models whose name, or id where `text` has a slash, begins with `text`, the most downloaded first."""
        start = "-".join(text.lower().split())
        names, models = self.names
        if "/" in start:
            found = [model for model in models if model[1].lower().startswith(start)]
        else:
            found = models[bisect_left(names, start) : bisect_left(names, start + "\uffff")]
        if len(found) < _MODELS and len(start) >= _LETTERS and "/" not in start:
            rows = self._db.read("explore/begun", begin=start, end=start + "\uffff")
            found = list({*found, *((row["downloads"] or 0, row["id"]) for row in rows)})
        return [
            Suggestion("model", id, id, downloads)
            for downloads, id in nsmallest(_MODELS, found, key=lambda model: (-model[0], len(model[1]), model[1]))
        ]

    def _values(self, name: str, start: str, inside: bool = False) -> list[tuple[str, int | None]]:
        """Values of a field that begin with `start`, or where `inside` have a word that does."""
        if name in FACTS:
            fits = re.compile(rf"(?:^|[\W_]){re.escape(start)}" if inside else re.escape(start))
            find = fits.search if inside else fits.match
            return [(value, count) for value, count in self.facts[name].items() if find(value)]
        given = {"kind": ("original", "finetune", "adapter", "merge", "quantized"), "card": ("yes", "no")}
        known = given.get(name, (EXAMPLES[name],) if name in ("size", "created") else ())
        return [(value, None) for value in known if value.startswith(start)]


def _letters(text: str) -> list[str]:
    """The words of letters in it that are long enough to be mistyped."""
    return [word for word in re.findall(r"[^\W\d_]+", text) if len(word) >= LEAST_LETTERS]


def corrected(query: Query, words: Mapping[str, str]) -> Query:
    """The query with words put in the place of others, whatever case they are in."""
    said = re.sub(r"[^\W_]+", lambda found: words.get(found[0].lower(), found[0]), query.free)
    return query.saying(said)
