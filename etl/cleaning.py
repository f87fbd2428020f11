"""The cleaning steps, each with a name and a test of its own."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

#: What sources write where they have nothing.
MISSING = frozenset({"", "[]", "{}", "none", "nan", "null", "n/a"})

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[^\w+#]+|_+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: Marks without a width, and those that turn the direction of writing. The two joiners are letters of some scripts and
#: parts of some emoji: they only go where Latin letters, digits or signs are beside them.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    "|(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]|[\u200c\u200d](?=[\x00-\x7f]|$)"
)


def is_missing(value: Any) -> bool:
    """Whether `value` says nothing: None, NaN, an empty list, or a text such as "None", "nan" and "[]"."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    if isinstance(value, str):
        return value.strip().lower() in MISSING
    return isinstance(value, (list, tuple, dict)) and not value


def text(value: Any) -> str | None:
    """A text without outer space, control and invisible characters and lone surrogates; None where there is none."""
    if not isinstance(value, str) or is_missing(value):
        return None
    if value.isprintable():
        return value.strip()
    whole = value.encode("utf-8", "replace").decode("utf-8")
    return _INVISIBLE.sub("", _CONTROL.sub(" ", whole)).strip() or None


def has_unseen(value: str) -> bool:
    """Whether `text` takes something out of `value` that is no outer space."""
    return not value.isprintable() and any(
        pattern.search(value.strip()) for pattern in (_CONTROL, _INVISIBLE, _SURROGATE)
    )


def one_line(value: Any, limit: int) -> str | None:
    """A text on one line, cut at a word's end after at most `limit` characters."""
    whole = text(value)
    if whole is None:
        return None
    line = " ".join(whole.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def list_from_literal(value: Any) -> list[Any]:
    """A list from a list, from the text of a Python literal ("['a', 'b']"), or from one plain value.

    Raises ValueError where the text begins like a list and is none (a cut cell).
    """
    if is_missing(value):
        return []
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            parsed = ast.literal_eval(value.strip())
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            raise ValueError(f"{value[:40]!r} is no complete list") from error
        return list_from_literal(parsed)
    if isinstance(value, (list, tuple)):
        return [item for item in value if not is_missing(item)]
    return [value]


def texts(value: Any) -> list[str]:
    """The cleaned texts of a list, a literal or one value, without repeats, in order."""
    if value is None:
        return []
    cleaned = (text(str(item)) if isinstance(item, (str, int)) else None for item in list_from_literal(value))
    return unique(item for item in cleaned if item)


def unique(items: Iterable[str]) -> list[str]:
    """The items without repeats, in order."""
    return list(dict.fromkeys(items))


def lower_case(items: Iterable[str]) -> list[str]:
    """The items in lower case, without what repeats then."""
    return unique(item.lower() for item in items)


@lru_cache(maxsize=2**14)
def split_words(value: str) -> str:
    """CamelCase taken apart: "BertForMaskedLM" → "Bert For Masked LM"."""
    return _CAMEL.sub(" ", value)


def without_punctuation(value: str) -> str:
    """Letters, digits, + and # of any script, everything else a single space."""
    return _NO_WORD.sub(" ", value).strip()


@lru_cache(maxsize=2**16)
def plain(value: str) -> str:
    """Lower case without punctuation: what the soup is made of."""
    return without_punctuation(value).lower()


def limited(items: Sequence[str], limit: int) -> list[str]:
    """The first `limit` items."""
    return list(items[:limit])
