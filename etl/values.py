"""Single fields of a raw row, each of the kind it should be. What cannot be used is left out, and reported."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from etl import cleaning, repairs
from etl.repairs import Repaired

#: Longest name (of a tag, a task, a licence …) that is one.
NAME_LIMIT = 200
#: Most names that are taken from one list.
LIST_LIMIT = 1_000
DESCRIPTION_LIMIT = 2_000
ID_LIMIT = 300
LARGEST = 2**63 - 1

_DAY = 86_400
_OLDEST = datetime(2000, 1, 1, tzinfo=timezone.utc).timestamp()
_LONGEST_MISSING = max(map(len, cleaning.MISSING))
_WHOLE = re.compile(r"[+-]?\d{1,30}(?:\.0*)?", re.ASCII)

Raw = Mapping[str, Any]


def id_(raw: Raw, *names: str) -> str:
    """The id under the first of `names` that is there. Raises ValueError where it is none: a row has to have one."""
    for name in names:
        value = raw.get(name)
        if isinstance(value, str) and value.strip():
            if not value.strip().isprintable() or len(value) > ID_LIMIT:
                raise ValueError(f"{name} {value[:40]!r} is no id")
            return value.strip()
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is {str(value)[:40]!r}, not a text")
    raise ValueError(f"there is no {names[0]}")


def mapping(raw: Raw, name: str, repaired: Repaired) -> Raw:
    """The object under `name`; an empty one where there is none."""
    value = raw.get(name)
    if isinstance(value, Mapping):
        return value
    if not cleaning.is_missing(value):
        repaired(repairs.KIND)
    return {}


def name(value: Any, repaired: Repaired) -> str | None:
    """One name as it is written, without outer space; None where it is missing or cannot be one."""
    if value is None:
        return None
    if type(value) is str and len(value) <= NAME_LIMIT and value.isprintable():
        # Almost every name; what follows is for the odd ones.
        cleaned = value.strip()
        return None if len(cleaned) <= _LONGEST_MISSING and cleaned.lower() in cleaning.MISSING else cleaned
    if not isinstance(value, str):
        if not cleaning.is_missing(value):
            repaired(repairs.KIND)
        return None
    if len(value) > NAME_LIMIT:
        repaired(repairs.LONG)
        return None
    if cleaning.has_unseen(value):
        repaired(repairs.UNSEEN)
    return cleaning.text(value)


def lower(value: Any, repaired: Repaired) -> str | None:
    """A name in lower case."""
    if value is None:
        return None
    found = name(value, repaired)
    return found.lower() if found else None


def names(value: Any, repaired: Repaired) -> list[str]:
    """The names of a list, a literal or one text, without repeats, in order. Raises ValueError where a list is cut."""
    if value is None:
        return []
    if isinstance(value, list) and len(value) > LIST_LIMIT:
        repaired(repairs.MANY)
        value = value[:LIST_LIMIT]
    items = value if isinstance(value, list) else cleaning.list_from_literal(value)
    if len(items) > LIST_LIMIT:
        repaired(repairs.MANY)
        items = items[:LIST_LIMIT]
    found: list[str] = []
    for item in items:
        if type(item) is str and len(item) <= NAME_LIMIT and item.isprintable():
            cleaned = item.strip()
            if len(cleaned) > _LONGEST_MISSING or cleaned.lower() not in cleaning.MISSING:
                found.append(cleaned)
            continue
        number = isinstance(item, int) and not isinstance(item, bool) and abs(item) <= LARGEST
        odd = name(str(item) if number else item, repaired)
        if odd:
            found.append(odd)
    return cleaning.unique(found)


def number(raw: Raw, name: str, repaired: Repaired) -> float | None:
    """A finite number."""
    value = raw.get(name)
    if value is None or cleaning.is_missing(value):
        return None
    if isinstance(value, (bool, list, tuple, Mapping)):
        repaired(repairs.KIND)
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found) or abs(found) > LARGEST:
        repaired(repairs.COUNT)
        return None
    if isinstance(value, str):
        repaired(repairs.NUMBER)
    return found


def count(raw: Raw, name: str, repaired: Repaired) -> int | None:
    """A whole number from 0."""
    value = raw.get(name)
    if type(value) is int:
        if 0 <= value <= LARGEST:
            return value
        repaired(repairs.COUNT)
        return None
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        repaired(repairs.NUMBER)
        return count({name: int(value.strip().partition(".")[0])}, name, repaired)
    found = number(raw, name, repaired)
    if found is None:
        return None
    if found < 0 or found != int(found):
        repaired(repairs.COUNT)
        return None
    return int(found)


def moment(raw: Raw, name: str, repaired: Repaired) -> datetime | None:
    """A moment since 2000 and up to tomorrow, in UTC."""
    value = raw.get(name)
    if value is None or cleaning.is_missing(value):
        return None
    if not isinstance(value, (str, datetime)):
        repaired(repairs.KIND)
        return None
    found, stamp = _moment(value) if isinstance(value, str) else _in_utc(value)
    if not _OLDEST <= stamp <= time.time() + _DAY:
        repaired(repairs.DATE)
        return None
    return found


@lru_cache(maxsize=2**12)
def _moment(value: str) -> tuple[datetime | None, float]:
    try:
        return _in_utc(datetime.fromisoformat(value.strip().replace("Z", "+00:00")))
    except ValueError:
        return None, math.nan


def _in_utc(value: datetime) -> tuple[datetime | None, float]:
    """The moment in UTC, and as seconds since 1970."""
    try:
        found = (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
        return found, found.timestamp()
    except OverflowError:  # the first and the last day of the calendar
        return None, math.nan


def description(values: Iterable[Any], repaired: Repaired) -> str | None:
    """The first of `values` that says something, on one line."""
    for value in values:
        if value is None:
            continue
        if not isinstance(value, str):
            if not cleaning.is_missing(value):
                repaired(repairs.KIND)
            continue
        line = cleaning.one_line(value, DESCRIPTION_LIMIT)
        if line:
            if line.endswith(" …") and not value.rstrip().endswith(" …"):
                repaired(repairs.CUT)
            if cleaning.has_unseen(value):
                repaired(repairs.UNSEEN)
            return line
    return None
