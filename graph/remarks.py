"""What to say beside an answer: names in the statement that the graph does not have, and comparisons that find nothing.

Neither engine calls these a mistake. Labels and types are compared with the database's own lists; properties with those
of a few nodes (`graph.schema`), and only where the answer holds nothing, because a rare one may not be among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from graph import schema
from graph.guard import OPAQUE
from graph.statements import MOMENTS, documented

if TYPE_CHECKING:
    from graph.database import Database

_WRITTEN = "datetime('2024-01-31')"
#: How many names are listed where none is near.
_LISTED = 20

_NAME = r"(?:\w+|`[^`]+`)"
_KINDS = rf"!?\s*{_NAME}(?:\s*[|&:]+\s*!?\s*{_NAME})*"
_NODE = re.compile(rf"\(\s*({_NAME})?\s*:\s*({_KINDS})\s*(\{{[^}}]*\}})?\s*(?:\)|\bWHERE\b)", re.IGNORECASE)
_LINK = re.compile(rf"-\s*\[\s*({_NAME})?\s*:\s*({_KINDS})\s*(?:\*[\d.]*\s*)?(\{{[^}}]*\}})?\s*(?:\]|\bWHERE\b)", re.I)
_COMPARED = r"(?:<=|>=|<>|=|<|>)"
_MOMENT = rf"\.({'|'.join(MOMENTS)})\b"
_OTHER = r"""(?:'[^']*'|"[^"]*"|date\s*\([^)]*\)|\d+\b|\$(\w+))"""
_WRONG_MOMENT = re.compile(rf"{_MOMENT}\s*{_COMPARED}\s*{_OTHER}|{_OTHER}\s*{_COMPARED}\s*\w+{_MOMENT}", re.IGNORECASE)


class _Pattern(NamedTuple):
    """A node or relationship of a statement: its variable, its labels or types, and properties that it is to have."""

    variable: str
    kinds: list[str]
    properties: list[str]


def remarks(db: Database, cypher: str, params: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """Sentences for whoever typed `cypher`, whose answer is `rows`; none for a statement of the library."""
    if documented(cypher):
        return ()
    bare = OPAQUE.sub(_blank, cypher)
    nodes, links = _patterns(_NODE, bare), _patterns(_LINK, bare)
    labels, types = (dict.fromkeys(kind for each in found for kind in each.kinds) for found in (nodes, links))
    said: list[str] = []
    for what, named, statement, column in (
        ("label", labels, "explore/schema_labels", "label"),
        ("relationship type", types, "explore/schema_types", "type"),
    ):
        known = {row[column] for row in db.read(statement)} if named else set()
        said += (f"There is no {what} `{name}`; {_near(name, known)}" for name in named if name not in known)
    if not said and _nothing(rows):
        said += (*_properties(db, bare, nodes, links), *_moments(bare, params))
    return tuple(dict.fromkeys(said))


def _blank(match: re.Match[str]) -> str:
    """Texts and comments without what they say; quoted names stay."""
    text = match[0]
    return text if text[0] == "`" else " " if text[0] == "/" else text[0] * 2


def _patterns(pattern: re.Pattern[str], bare: str) -> list[_Pattern]:
    return [
        _Pattern(_plain(variable or ""), _names(kinds), _names(" ".join(re.findall(rf"[{{,]\s*({_NAME})\s*:", map_))))
        for variable, kinds, map_ in pattern.findall(bare)
    ]


def _names(text: str) -> list[str]:
    return [_plain(name) for name in re.findall(_NAME, text)]


def _plain(name: str) -> str:
    return name.strip("`")


def _near(name: str, known: Iterable[str]) -> str:
    """The end of a sentence: the name that was meant, else those that there are."""
    spelt = {each.casefold(): each for each in sorted(known)}
    if close := get_close_matches(name.casefold(), spelt, n=1, cutoff=0.7):
        return f"did you mean {spelt[close[0]]}?"
    listed = sorted(spelt.values(), key=str.casefold)
    return f"there are {', '.join(listed[:_LISTED])}{' and more' if len(listed) > _LISTED else ''}."


def _nothing(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether an answer, or a column of it, holds nothing but null and 0."""
    return not rows or any(all(value is None or value == 0 for value in column) for column in zip(*rows, strict=True))


def _properties(db: Database, bare: str, nodes: list[_Pattern], links: list[_Pattern]) -> Iterator[str]:
    """Only of variables that have labels or types, and that no AS gives another meaning."""
    again = {_plain(name) for name in re.findall(rf"\bAS\s+({_NAME})", bare, re.IGNORECASE)}
    read: dict[str, list[str]] = {}
    for owner, name in re.findall(rf"(?<![\w.$`])({_NAME})\s*\.\s*({_NAME})(?!\s*\()", bare):
        if _plain(owner) not in again:
            read.setdefault(_plain(owner), []).append(_plain(name))
    asked = [
        (where, each.kinds, name)
        for where, patterns in (("nodes", nodes), ("relationships", links))
        for each in patterns
        for name in (*each.properties, *read.get(each.variable, ()))
        if not schema.INNER.search(name)
    ]
    found = schema.read(db) if asked else None
    for where, kinds, name in asked:
        assert found is not None
        has = found.labels if where == "nodes" else found.types
        known = {each for kind in kinds for each in has[kind]}
        if known and name not in known:
            of = " and ".join(kinds)
            none = {
                "nodes": f"None of the first {schema.AMONG} {of} nodes",
                "relationships": f"No {of} relationship of the first {schema.AMONG} nodes",
            }
            yield f"{none[where]} has a property `{name}`; {_near(name, known)}"


def _moments(bare: str, params: Mapping[str, Any]) -> Iterator[str]:
    for name, given, other, later in _WRONG_MOMENT.findall(bare):
        parameter = given or other
        if not isinstance(params.get(parameter), datetime):
            instead = f"give ${parameter} as a text such as 2024-01-31" if parameter else f"write {_WRITTEN}"
            wrong = "is a moment in time, and compared with a text, a date or a number it finds nothing"
            yield f"`{name or later}` {wrong}; {instead}."
