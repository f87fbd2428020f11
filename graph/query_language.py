"""The language of the search box: free words mixed with `field:value`, read into a `Query` and written again.

`mistral task:text-generation size:<3B language:de` looks for "mistral" among small German text generators.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from difflib import get_close_matches

from graph.errors import BadInput

#: Quotation marks as keyboards and word processors type them.
_QUOTES = str.maketrans("“”„«»", '"""""')
_TOKEN = re.compile(r'([^\W\d_]+):(?!\S)|(?:([^\W\d_]+):(?![/:]))?(?:"([^"]*)"|(\S+))')
_UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([KMBT]?)", re.I)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_BOUND = re.compile(r"(<=|>=|<|>)?(.+?)(?:\.\.(.+))?")
#: A size without a sign is meant roughly: "7B" is written on models of 6.7 and of 7.6 billion parameters.
_ABOUT = 0.1

KINDS = ("original", "finetune", "adapter", "merge", "quantized", "unknown")
_KIND_SPELLINGS = {"quantised": "quantized", "fine-tune": "finetune", "finetuned": "finetune", "lora": "adapter"}
_CARD_SPELLINGS = {"true": "yes", "with": "yes", "1": "yes", "false": "no", "without": "no", "0": "no"}

#: Half-open: from the first up to, but without, the second; `None` has no end.
Sizes = tuple[float | None, float | None]
Times = tuple[datetime | None, datetime | None]


class BadQuery(BadInput):
    """A query that cannot be read. `instead`: the whole text as it was probably meant, or empty."""

    def __init__(self, message: str, hint: str, instead: str = "") -> None:
        super().__init__(message, hint)
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Query:
    """`words`: what is looked for, each as it was typed. `filters`: canonical values by field, in the order typed."""

    words: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The query as a person would type it; `parse` reads it back."""
        return " ".join([*map(_word, self.words), *(_pair(name, value) for name, value in self.filters.items())])

    @property
    def free(self) -> str:
        """The free words alone."""
        return " ".join(self.words)

    def having(self, name: str, value: str | None) -> Query:
        """The same with another value of a field, or without it."""
        others = {each: kept for each, kept in self.filters.items() if each != name or value is not None}
        return Query(self.words, others | ({name: value} if value is not None else {}))

    def saying(self, words: str) -> Query:
        """The same filters with other words."""
        return Query(tuple(words.split()), self.filters)


def parse(text: str) -> Query:
    """Reads what somebody typed. Raises `BadQuery` for a field or a form of value that there is not."""
    text = text.translate(_QUOTES)
    words: list[str] = []
    filters: dict[str, str] = {}
    for token in _TOKEN.finditer(text):
        bare, name, quoted, plain = token.groups()
        if bare or name is None:
            if bare and _field(bare):
                raise _no_value(bare)
            words += [word for word in [(bare and token[0]) or (quoted or plain or "").replace('"', "")] if word]
            continue
        known = _field(name)
        if known is None:
            raise _no_field(text, token[0], name)
        read = _READERS[known](quoted if quoted is not None else plain)
        if not read:
            raise _no_value(known)
        if filters.setdefault(known, read) != read:
            raise BadQuery(f"{known}: is given twice, {filters[known]} and {read}.", "Keep one of them.")
    return Query(tuple(words), filters)


def sizes(value: str) -> Sizes:
    """The parameters that a `size:` allows. Raises `BadQuery`."""
    sign, first, last = _parts(value)
    low = _amount(first, value)
    if last is not None:
        return low, _amount(last, value)
    if not sign:
        return low * (1 - _ABOUT), low * (1 + _ABOUT)
    # Numbers of parameters are whole: "more than" begins at the next one.
    return {"<": (None, low), "<=": (None, low + 1), ">": (low + 1, None), ">=": (low, None)}[sign]


def times(value: str) -> Times:
    """The moments that a `created:` allows: a year, month or day is all of it. Raises `BadQuery`."""
    sign, first, last = _parts(value)
    begin, end = _period(first, value)
    if last is not None:
        return begin, _period(last, value)[1]
    return {"": (begin, end), "<": (None, begin), "<=": (None, end), ">": (end, None), ">=": (begin, None)}[sign]


def _field(name: str) -> str | None:
    lower = name.lower()
    known = {"licence": "license", "lang": "language"}.get(lower, lower)
    return known if known in _READERS else None


def _no_value(name: str) -> BadQuery:
    return BadQuery(f"{name}: has no value.", f"Write it without a space, such as {_pair(*_example(name))}.")


def _no_field(text: str, token: str, name: str) -> BadQuery:
    near = get_close_matches(name.lower(), FIELDS, 1)
    quoted = '"' + token.replace('"', "") + '"'
    instead = text.replace(token, token.replace(name, near[0], 1) if near else quoted, 1)
    guess = f"Did you mean {near[0]}:? " if near else ""
    return BadQuery(
        f"There is no field {name}:; known are {', '.join(FIELDS)}.", f"{guess}As words, write {quoted}.", instead
    )


def _word(word: str) -> str:
    """A free word; in quotes where it could be read as something else."""
    special = re.search(r"\s", word) or re.match(r"[^\W\d_]+:(?!/|:)", word)
    return f'"{word}"' if special else word


def _pair(name: str, value: str) -> str:
    return f'{name}:"{value}"' if re.search(r"\s", value) or not value else f"{name}:{value}"


def _example(name: str) -> tuple[str, str]:
    known = _field(name) or name
    return known, EXAMPLES[known]


def _parts(value: str) -> tuple[str, str, str | None]:
    """Sign, first and last of a range."""
    found = _BOUND.fullmatch(value.replace(" ", ""))
    return (found[1] or "", found[2], found[3]) if found else ("", value, None)


def _amount(text: str, value: str) -> float:
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise BadQuery(f"size:{value} is no size.", "Write it like size:7B, size:<3B or size:1B..3B.")
    return round(float(found[1]) * _UNITS[found[2].upper()])


def _period(text: str, value: str) -> tuple[datetime, datetime]:
    """The first moment of a year, month or day, and the first after it."""
    found = _DAY.fullmatch(text)
    problem = BadQuery(f"created:{value} is no date.", "Write it like created:2024, created:>2024-01 or <2024-01-31.")
    if not found:
        raise problem
    year, month, day = (int(each) if each else None for each in found.groups())
    try:
        begin = datetime(year or 1, month or 1, day or 1, tzinfo=timezone.utc)
        if day:
            return begin, datetime.fromtimestamp(begin.timestamp() + 86_400, timezone.utc)
        after = begin.replace(year=begin.year + 1) if not month or month == 12 else begin.replace(month=month + 1)
        return begin, after.replace(month=1) if month == 12 else after
    except (ValueError, OverflowError):
        raise problem from None


def _plain(value: str) -> str:
    return " ".join(value.replace('"', "").split())


def _lower(value: str) -> str:
    return _plain(value).lower()


def _one_of(name: str, known: tuple[str, ...], spellings: Mapping[str, str]) -> Callable[[str], str]:
    def read(value: str) -> str:
        lower = spellings.get(_lower(value), _lower(value))
        if lower not in known:
            near = get_close_matches(lower, known, 1)
            hint = f"Did you mean {name}:{near[0]}?" if near else f"Write it like {_pair(*_example(name))}."
            raise BadQuery(f"There is no {name}:{value}; known are {', '.join(known)}.", hint)
        return lower

    return read


def _range(check: Callable[[str], object]) -> Callable[[str], str]:
    def read(value: str) -> str:
        compact = value.replace(" ", "").upper().replace("–", "..")
        check(compact)
        return compact

    return read


#: How the value of each field is read: into its canonical form.
_READERS: dict[str, Callable[[str], str]] = {
    "task": _lower,
    "library": _lower,
    "license": _lower,
    "language": _lower,
    "author": _plain,
    "size": _range(sizes),
    "created": _range(times),
    "kind": _one_of("kind", KINDS, _KIND_SPELLINGS),
    "base": _plain,
    "dataset": _plain,
    "card": _one_of("card", ("yes", "no"), _CARD_SPELLINGS),
    "name": _lower,
}
FIELDS = tuple(_READERS)

#: A value of each, for help and messages.
EXAMPLES = {
    "task": "text-generation",
    "library": "gguf",
    "license": "apache-2.0",
    "language": "de",
    "author": "google",
    "size": "<3B",
    "created": ">2024-01",
    "kind": "original",
    "base": "google-bert/bert-base-uncased",
    "dataset": "rajpurkar/squad",
    "card": "yes",
    "name": "mistral-7b-v0.1",
}
