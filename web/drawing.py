"""Reasons as a drawing: model a on the left, model b on the right, the facts between them.

The layout is plain arithmetic on the server; the template turns it into SVG, so it needs no script and no style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.types import Reason

Node = tuple[str, str]  # (label, key)

ROW = 44
WIDE, NARROW = 760, 340


@dataclass(frozen=True, slots=True)
class Box:
    """A node's pill: its left upper corner and its size."""

    label: str
    key: str
    x: int
    y: int
    width: int
    height: int = 30

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def text(self) -> str:
        """The key, shortened to what fits at 8 units a letter."""
        name = self.key.rsplit("/", 1)[-1] if self.label == "Model" else self.key
        room = max(4, (self.width - 26) // 8)
        return name if len(name) <= room else name[: room - 1] + "…"


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as an SVG path; `kind` is its relationship, `strength` 1 (weak) to 4 (strong)."""

    path: str
    kind: str
    strength: int


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One reason: the facts on a's side and on b's, one below the other, and what leads where."""

    near: tuple[Node, ...]
    far: tuple[Node, ...]
    steps: tuple[tuple[Node, str, Node], ...]
    strength: int

    @property
    def lines(self) -> int:
        """How many facts stand below one another."""
        return max(len(self.near), len(self.far)) if self.near and self.far else len(self.near + self.far)


def draw(a: str, b: str, reasons: Sequence[Reason], *, width: int = WIDE, limit: int = 8) -> Drawing | None:
    """The strongest `limit` reasons with a path, drawn `width` units wide; `None` where there is nothing to draw.

    A fact both models share stands once in the middle; the facts of an attention reason stand side by side, with
    dashed lines of kind "attention" between a's and each of b's; where one model's own name and description are meant,
    they begin at the model. At NARROW width the two models stand above and below.
    """
    rows: list[_Row] = []
    drawn = [each for each in reasons if each.path and each.kind != "counterfactual"]
    biggest = max((abs(reason.contribution or 0) for reason in drawn), default=0) or 1.0
    for reason in drawn:
        steps = [(step.start, step.relationship, step.end) for step in reason.path]
        near, far = _facts(("Model", a), ("Model", b), steps)
        if len(rows) == limit or any((near, far) == (row.near, row.far) for row in rows):
            continue
        if reason.kind == "attention" and (near or far):
            steps += [(x, "attention", y) for x in near or [("Model", a)] for y in far or [("Model", b)]]
        rows.append(_Row(near, far, tuple(steps), 1 + round(3 * abs(reason.contribution or 0) / biggest)))
    return _lay_out(a, b, rows, width) if rows else None


def _facts(a: Node, b: Node, steps: Sequence[tuple[Node, str, Node]]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The nodes beside a, then those beside b alone, at most two of each; what lies further in goes where there is
    room."""
    sides: tuple[list[Node], list[Node]] = ([], [])
    for end, side in zip((a, b), sides, strict=True):
        for start, _, other in steps:
            for node in (start, other):
                if end in (start, other) and node not in (a, b, *sides[0], *sides[1]):
                    side.append(node)
    if len(sides[0] + sides[1]) < 2:
        inner = (node for start, _, end in steps for node in (start, end))
        sides[1].extend([node for node in dict.fromkeys(inner) if node not in (a, b, *sides[0], *sides[1])][:1])
    return tuple(sides[0][:2]), tuple(sides[1][:2])


def _lay_out(a: str, b: str, rows: Sequence[_Row], width: int) -> Drawing:
    narrow = width <= NARROW
    direct = [row for row in rows if not row.lines]
    through = [row for row in rows if row.lines]
    inner = max(1, sum(row.lines for row in through))
    if narrow:
        size, left, room = width - 60, 30, width - 60
        height = ROW * (inner + 2)
        first, second = Box("Model", a, 0, 4, width), Box("Model", b, 0, height - 36, width)
        top = ROW
    else:
        size = 170
        left, room = size + 60, width - 2 * (size + 60)
        height = ROW * inner + (ROW if direct and through else 0)
        first = Box("Model", a, 0, (height - 30) // 2, size)
        second = Box("Model", b, width - size, (height - 30) // 2, size)
        top = ROW if direct and through else 0
    boxes, lines = [first, second], []
    for row in through:
        placed = {("Model", a): first, ("Model", b): second}
        sides = [side for side in (row.near, row.far) if side]
        gap = 26
        each = (room - gap * (len(sides) - 1)) // len(sides)
        for column, side in enumerate(sides):
            for line, (label, key) in enumerate(side):
                y = top + ROW * line + (ROW * (row.lines - len(side)) + ROW - 30) // 2
                placed[(label, key)] = Box(label, key, left + column * (each + gap), y, each)
                boxes.append(placed[(label, key)])
        for start, kind, end in row.steps:
            if start in placed and end in placed:
                lines.append(Line(_curve(placed[start], placed[end], narrow, width), kind, row.strength))
        top += ROW * row.lines
    for row in direct:
        for _, kind, _ in row.steps:
            lines.append(Line(_arc(first, second, narrow, bool(through)), kind, row.strength))
    return Drawing(width, height, tuple(boxes), tuple(lines))


def _curve(start: Box, end: Box, narrow: bool, width: int) -> str:
    if start.y == end.y:  # side by side
        left, right = sorted((start, end), key=lambda box: box.x)
        return f"M{left.x + left.width} {left.middle}H{right.x}"
    if narrow and width in (start.width, end.width):  # down the left edge from a, up the right edge from b
        model, fact = (start, end) if start.width == width else (end, start)
        above = model.y < fact.y
        x = 14 if above else width - 14
        edge = fact.x if above else fact.x + fact.width
        y = model.y + model.height if above else model.y
        bend = 10 if above else -10
        return f"M{x} {y}V{fact.middle - bend}Q{x} {fact.middle} {edge} {fact.middle}"
    left, right = sorted((start, end), key=lambda box: box.x)
    x1, x2 = left.x + left.width, right.x
    half = (x1 + x2) // 2
    return f"M{x1} {left.middle}C{half} {left.middle} {half} {right.middle} {x2} {right.middle}"


def _arc(first: Box, second: Box, narrow: bool, around: bool) -> str:
    """The line between the two models themselves, above the facts where there are any."""
    if narrow:
        return f"M6 {first.y + first.height}V{second.y}"
    if not around:
        return f"M{first.x + first.width} {first.middle}H{second.x}"
    x1, x2 = first.x + first.width - 20, second.x + 20
    return f"M{x1} {first.y}C{x1} 8 {x1 + 40} 8 {x1 + 80} 8H{x2 - 80}C{x2 - 40} 8 {x2} 8 {x2} {second.y}"
