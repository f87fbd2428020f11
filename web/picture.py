"""Nodes and relationships of an answer as one SVG that needs no other file, for notebooks, and as a layout for pages.

The layout is plain arithmetic: relationships lead from left to right where they can, each kind of node has its colour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from web import files
from web.assets import STATIC
from web.drawing import Box, Node

ROW, HEIGHT = 40, 30
#: Between two columns, with room for the name of a relationship.
GAP = 160
#: A letter of a relationship's name.
LETTER = 7
NARROWEST, WIDEST = 70, 230
TOP = 24
#: More than these make a drawing that nobody reads.
MOST_NODES = 60

#: Start and end, as positions in the list of nodes, and the type.
Link = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A relationship: its curve, the head at its end, and where its type is written (`None`: only shown on hover)."""

    type: str
    path: str
    head: str
    label: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def svg(nodes: Sequence[Node], links: Sequence[Link], note: str = "") -> str:
    """The drawing of up to MOST_NODES nodes and the links between them, with `note` below; says what it leaves out."""
    picture, _ = first(nodes, links)
    left_out = f"The first {MOST_NODES} of {len(nodes)} nodes." if len(nodes) > MOST_NODES else ""
    return files.render(
        "picture.svg",
        picture=picture,
        kinds=list(dict.fromkeys(label for label, _ in nodes[:MOST_NODES])),
        notes=[each for each in (left_out, note) if each],
        light=colours(),
        dark=colours(1),
    )


def first(nodes: Sequence[Node], links: Sequence[Link]) -> tuple[Picture, int]:
    """The first nodes, as many as can be read, and the links between two of them; and how many nodes these are."""
    drawn = [link for link in links if max(link[:2]) < MOST_NODES and link[0] != link[1]]
    return lay_out(nodes[:MOST_NODES], drawn), min(len(nodes), MOST_NODES)


def colours(block: int = 0) -> dict[str, str]:
    """The colours of tokens.css by name: of its first block the light ones, of its second the dark ones."""
    text = (STATIC / "tokens.css").read_text(encoding="utf-8").split("@media")[block]
    return dict(re.findall(r"--([\w-]+): (#\w+);", text.split("\n}")[0]))


def lay_out(nodes: Sequence[Node], links: Sequence[Link]) -> Picture:
    """Each connected part on its own, one below the other, in columns that all share."""
    parts = [_ordered(part, links) for part in _parts(len(nodes), links)]
    columns = [[i for column in each if column for i in column] for each in zip_longest(*parts)]
    widths = [max(_width(nodes[i]) for i in column) for column in columns]
    lefts = [sum(widths[:c]) + GAP * c for c in range(len(columns))]
    boxes: dict[int, Box] = {}
    top = TOP
    for part in parts:
        rows = max(map(len, part))
        for column, members in enumerate(part):
            first = top + (rows - len(members)) * ROW // 2
            for row, i in enumerate(members):
                boxes[i] = Box(*nodes[i], lefts[column], first + row * ROW, widths[column], HEIGHT)
        top += rows * ROW
    beside = any(boxes[start].x == boxes[end].x for start, end, _ in links)
    width = sum(widths) + GAP * max(len(columns) - 1, 0) + (GAP // 2 if beside else 0)
    return Picture(width, top, tuple(boxes[i] for i in sorted(boxes)), tuple(_arrows(boxes, links)))


def _width(node: Node) -> int:
    label, key = node
    return min(WIDEST, max(NARROWEST, 26 + 8 * len(key.rsplit("/", 1)[-1] if label == "Model" else key)))


def _parts(count: int, links: Sequence[Link]) -> Iterator[dict[int, int]]:
    """Every connected part as {node: column}: one step along a relationship is a column to the right."""
    steps: dict[int, list[tuple[int, int]]] = {i: [] for i in range(count)}
    for start, end, _ in links:
        steps[start].append((end, 1))
        steps[end].append((start, -1))
    seen: set[int] = set()
    for first in range(count):
        if first in seen:
            continue
        part, waiting = {first: 0}, [first]
        for i in waiting:
            for other, step in steps[i]:
                if other not in part:
                    part[other] = part[i] + step
                    waiting.append(other)
        seen |= part.keys()
        yield part


def _ordered(part: dict[int, int], links: Sequence[Link]) -> list[list[int]]:
    """The columns of a part from left to right, each in an order in which few lines cross."""
    least = min(part.values())
    columns: list[list[int]] = [[] for _ in range(max(part.values()) - least + 1)]
    for i, at in part.items():
        columns[at - least].append(i)
    beside: dict[int, list[int]] = {i: [] for i in part}
    for start, end, _ in links:
        if start in part and part[start] != part[end]:
            beside[start].append(end)
            beside[end].append(start)
    place = {i: row - len(column) / 2 for column in columns for row, i in enumerate(column)}
    for turn in range(6):  # a few sweeps, there and back, settle what can be settled
        for column in columns if turn % 2 else reversed(columns):
            pulled = {i: sum(place[j] for j in beside[i]) / len(beside[i]) if beside[i] else place[i] for i in column}
            column.sort(key=lambda i: pulled[i])
            place.update({i: row - len(column) / 2 for row, i in enumerate(column)})
    return columns


def _arrows(boxes: dict[int, Box], links: Sequence[Link]) -> Iterator[Arrow]:
    """Lines with their types: once above a gap where it has only one, else on the first of lines of the same type that
    lie below each other, where there is room: beside the end at which fewer lines meet."""
    ends = Counter(end for link in links for end in link[:2])
    gaps = [min(boxes[start].x, boxes[end].x) for start, end, _ in links]
    types = Counter(gap for gap, _ in {(gap, kind) for gap, (_, _, kind) in zip(gaps, links, strict=True)})
    drawn = []
    for gap, (start, end, kind) in zip(gaps, links, strict=True):
        more = ends[start] - ends[end] if types[gap] > 1 else 0
        drawn.append(_arrow(boxes[start], boxes[end], kind, more))
    places = [arrow.label or (0, 0) for arrow in drawn]
    above: dict[int, str] = {}
    written: list[tuple[int, int]] = []
    labels: dict[int, tuple[int, int]] = {}
    for i in sorted(range(len(drawn)), key=lambda i: (gaps[i], places[i][1])):
        gap, arrow = gaps[i], drawn[i]
        x, y = places[i] if types[gap] > 1 else (places[i][0], TOP // 2)
        taken = any(abs(x - there) < GAP and abs(y - high) < 14 for there, high in written)
        if not taken and above.get(gap) != arrow.type:
            written.append((x, y))
            above[gap], labels[i] = arrow.type, (x, y)
    for i, arrow in enumerate(drawn):
        yield replace(arrow, label=labels.get(i))


def _arrow(start: Box, end: Box, kind: str, more: int) -> Arrow:
    """`more`: how many more lines meet at its start than at its end."""
    forward, y1, y2 = start.x < end.x, start.middle, end.middle
    x1 = start.x + start.width if start.x <= end.x else start.x
    x2 = end.x if forward else end.x + end.width
    if start.x == end.x:  # in one column: around the right
        out = x1 + GAP // 2 - 20
        path, label = f"M{x1} {y1}C{out} {y1} {out} {y2} {x2 + 7} {y2}", (x1 + GAP // 4, (y1 + y2) // 2)
    else:
        half, tip = (x1 + x2) // 2, x2 - 7 if forward else x2 + 7
        path = f"M{x1} {y1}C{half} {y1} {half} {y2} {tip} {y2}"
        aside = 14 + LETTER * len(kind) // 2
        label = {1: (x2 - aside if forward else x2 + aside, y2), -1: (x1 + aside if forward else x1 - aside, y1)}.get(
            (more > 0) - (more < 0), (half, (y1 + y2) // 2)
        )
    back = -8 if forward else 8
    return Arrow(kind, path, f"M{x2} {y2}l{back} -4v8z", label)
