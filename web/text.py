"""How numbers, dates and names are shown: the template filters."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from flask import Flask
from markupsafe import Markup

_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_AGES = ((365.25 * 86400, "year"), (30.44 * 86400, "month"), (7 * 86400, "week"), (86400, "day"), (3600, "hour"))
_NO_BREAK = "\u00a0"
_HIDDEN = {"Cc", "Cf", "Co", "Cs"}


def humane(number: float | None) -> str:
    """1234567 → "1.2 M"; small whole numbers as they are; nothing for a missing one."""
    if number is None:
        return ""
    for size, unit in _UNITS:
        if abs(number) >= size * 0.9995:
            short = number / size
            return (
                f"{short:.1f}".rstrip("0").rstrip(".") + _NO_BREAK + unit
                if short < 99.95
                else f"{short:.0f}{_NO_BREAK}{unit}"
            )
    return f"{number:.0f}" if float(number).is_integer() else f"{number:.2f}"


def exact(number: int | None) -> str:
    """1234567 → "1,234,567"."""
    return "" if number is None else f"{number:,}"


def signed(number: float | None) -> str:
    """A contribution: "+0.42", "−0.03"; an en dash where it is no part of the score."""
    if number is None:
        return "–"
    return f"{number:+.2f}".replace("-", "−")


def ago(moment: datetime, now: datetime | None = None) -> str:
    """ "3 weeks ago"."""
    seconds = ((now or datetime.now(timezone.utc)) - moment).total_seconds()
    for size, unit in _AGES:
        count = int(seconds // size)
        if count >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def when(moment: datetime | None) -> Markup:
    """A <time> element: relative, with the whole date as its title."""
    if moment is None:
        return Markup("")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), day(moment), ago(moment))


def day(moment: datetime) -> str:
    """ "3 August 2024"."""
    return f"{moment:%d %B %Y}".lstrip("0")


def visible(name: object) -> str:
    """A name with its invisible characters (direction marks, zero width, controls) made visible."""
    text = str(name)
    if text.isprintable():  # nearly always
        return text
    return "".join("\ufffd" if unicodedata.category(each) in _HIDDEN and each not in "\n\t" else each for each in text)


def words(name: str) -> str:
    """TRAINED_ON → "trained on"; "<BASED_ON" (the other way round) → "base of"."""
    return {"<BASED_ON": "base of", "SELF": "itself"}.get(name, name.lstrip("<").replace("_", " ").lower())


def model_path(model_id: str) -> str:
    """The address of a model's page; its slash stays a slash."""
    return "/model/" + quote(model_id, safe="/")


def mark_id(model_id: str) -> str:
    """The id of the element with a model's heart: letters and digits, whatever the name holds."""
    return "mark-" + hashlib.sha256(model_id.encode("utf-8", "replace")).hexdigest()[:12]


def cell(value: Any) -> str:
    """One value of a result table as text."""
    if value is None:
        return ""
    if isinstance(value, (str, int, bool)):
        return visible(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return visible(json.dumps(value, ensure_ascii=False, default=str))


_USED = (humane, exact, signed, when, day, visible, words, model_path, mark_id, cell)
FILTERS = {each.__name__: each for each in _USED}


def register(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS)
