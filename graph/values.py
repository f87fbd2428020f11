"""Values of the driver as plain Python, and their size on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timezone
from math import isfinite
from typing import Any

from graph.driver import Date, DateTime, Duration, Node, Path, Point, Relationship, Time
from graph.errors import BadInput

#: How deep a parameter or an answer may be nested.
DEEPEST = 100
#: How many numbers of a vector are shown to people.
SHOWN_NUMBERS = 16

_PLAIN = (str, int, float, bool, bytes, type(None))
_EXACT = frozenset(_PLAIN)


def plain(value: Any) -> Any:
    """`value` without the driver's types: datetimes become Python's, in UTC; nodes, relationships and paths dicts."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list):
        if _EXACT.issuperset(map(type, value)):
            return value
        return [plain(each) for each in value]
    if isinstance(value, DateTime):
        native = value.to_native()
        return native.astimezone(timezone.utc) if native.tzinfo else native.replace(tzinfo=timezone.utc)
    if isinstance(value, Node):
        return {"id": value.element_id, "labels": sorted(value.labels), "properties": plain(dict(value))}
    if isinstance(value, Relationship):
        ends = {"start": value.nodes[0], "end": value.nodes[1]}
        return {
            "id": value.element_id,
            "type": value.type,
            **{name: node.element_id if node else None for name, node in ends.items()},
            "properties": plain(dict(value)),
        }
    if isinstance(value, Path):
        return {"nodes": plain(list(value.nodes)), "relationships": plain(list(value.relationships))}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (Date, Time)):
        return value.to_native()
    if isinstance(value, Duration):
        return value.iso_format()
    if isinstance(value, Point):
        return list(value)
    return str(value)


def weight(value: Any) -> int:
    """About how many bytes `value` takes in a Bolt message, rarely too few.

    Raises `BadInput` where it is nested more than `DEEPEST` deep: what reads, writes and shows it goes by recursion.
    """
    size, depth, level = 0, 0, [value]
    while level:
        if depth > DEEPEST:
            raise BadInput(f"A value is nested more than {DEEPEST} deep.", "Give or return what is inside by itself.")
        inner: list[Any] = []
        for each in level:
            if isinstance(each, str):
                size += 5 + (len(each) if each.isascii() else len(each.encode("utf-8", "replace")))
            elif isinstance(each, Mapping):
                size += 5
                inner += (*each.keys(), *each.values())
            elif isinstance(each, Path):
                size += 5
                inner += (*each.nodes, *each.relationships)
            elif isinstance(each, (list, tuple)):
                size += 5
                if each and isinstance(each[0], float):
                    size += 9 * len(each)
                else:
                    inner += each
            else:
                size += 5 + len(each) if isinstance(each, bytes) else 9
        depth, level = depth + 1, inner
    return size


def display(value: Any) -> Any:
    """A `plain` value as JSON-ready: times as ISO texts, no NaN. Of a list of more than 16 numbers the first 16 stay;
    of one in a map, or of a node, only how many there are: "[256 numbers]"."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, list):
        if _vector(value):
            return [*map(display, value[:SHOWN_NUMBERS]), f"… {len(value)} numbers"]
        return [display(each) for each in value]
    if isinstance(value, Mapping):
        return {key: f"[{len(each)} numbers]" if _vector(each) else display(each) for key, each in value.items()}
    return value


def _vector(value: Any) -> bool:
    numbers = isinstance(value, list) and len(value) > SHOWN_NUMBERS
    return numbers and all(isinstance(each, (int, float)) for each in value)
