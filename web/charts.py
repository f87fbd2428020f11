"""Numbers as drawings: bars, columns, curves and clouds of points, laid out by plain arithmetic.

The templates turn them into lists and SVG without styles or scripts, for the page and for the report in a file alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from web.text import humane

Row = Mapping[str, Any]

#: Where a fact (label, key) leads; None where nowhere.
Address = Callable[[str, str], "str | None"]

WIDE, NARROW = 520, 320
#: The width of a chart that has the page to itself.
BROAD = 900
_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 210, 46, 10, 10, 26
_THICKEST = 60
_NO_BREAK = "\u00a0"

#: Colours of clusters: so many in turn.
HUES = 10


class Bar(NamedTuple):
    """One line of a list: what is counted, where it leads, how long its bar is (0 to 100), what stands after it, and
    whether that is below nought."""

    name: str
    address: str | None
    length: float
    shown: str
    exact: str
    minus: bool = False


class Column(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    title: str
    address: str | None = None


class Tick(NamedTuple):
    """A line or a place on an axis, with its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Columns or a curve between two axes. `guide` is a second, quieter curve; `marks` are (x, y, title); `axes` what
    the x and the y axis show, where the title does not say it."""

    width: int
    height: int
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    columns: tuple[Column, ...] = ()
    curve: str = ""
    guide: str = ""
    marks: tuple[tuple[float, float, str], ...] = ()
    axes: tuple[str, str] | None = None

    @property
    def left(self) -> int:
        return _LEFT

    @property
    def floor(self) -> int:
        return self.height - _BOTTOM


class Group(NamedTuple):
    """The points of one cluster: its number from 1, its colour, an SVG path of dots, and the dot that bears its number,
    the one nearest to the middle."""

    number: int
    hue: int
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Cloud:
    width: int
    height: int
    groups: tuple[Group, ...]


def percent(share: float | None) -> str:
    """0.1234 → "12 %", 0.0123 → "1.2 %"; an en dash where there is none."""
    if share is None:
        return "–"
    return f"{share * 100:.{0 if share >= 0.1 or share == 0 else 1}f}{_NO_BREAK}%"


def bars(rows: Sequence[Row], name: str, value: str, address: Callable[[str], str | None] | None = None) -> list[Bar]:
    """One bar a row, against the largest value; a share (a float) is shown in per cent."""
    most = max((row[value] for row in rows), default=0) or 1
    return [
        Bar(
            str(row[name]),
            address(str(row[name])) if address else None,
            round(100 * row[value] / most, 1),
            percent(row[value]) if isinstance(row[value], float) else humane(row[value]),
            percent(row[value]) if isinstance(row[value], float) else f"{row[value]:,}",
        )
        for row in rows
    ]


def columns(
    values: Sequence[float], names: Sequence[str], width: int = WIDE, addresses: Sequence[str | None] = ()
) -> Plot:
    """A column a value, from left to right; as many of the `names` stand below as there is room for. `addresses`:
    where each leads."""
    most, up = _scale(max(values, default=0))
    room = (width - _LEFT - _RIGHT) / max(len(values), 1)
    thick = min(room - (1 if room < 12 else 3), _THICKEST)
    drawn = []
    for index, (value, name) in enumerate(zip(values, names, strict=True)):
        y = _y(value / most)
        if value and y > _HEIGHT - _BOTTOM - 1:  # little is not nothing
            y = _HEIGHT - _BOTTOM - 1
        x = _LEFT + (index + 0.5) * room - thick / 2
        height = _HEIGHT - _BOTTOM - y
        leads = addresses[index] if addresses else None
        drawn.append(Column(round(x, 1), y, round(thick, 1), round(height, 1), f"{name}: {value:,}", leads))
    every = math.ceil(max((len(name) for name in names), default=1) * 8.5 / room) if names else 1
    places = range(0, len(names), every)
    across = tuple(Tick(round(_LEFT + (index + 0.5) * room, 1), names[index]) for index in places)
    return Plot(width, _HEIGHT, across, up, columns=tuple(drawn))


def curve(
    points: Sequence[tuple[float, float]],
    names: Sequence[tuple[float, str]],
    *,
    width: int = WIDE,
    zero: bool = True,
    guide: Sequence[tuple[float, float]] = (),
    marks: Sequence[tuple[float, float, str]] = (),
    shares: bool = False,
    axes: tuple[str, str] | None = None,
) -> Plot:
    """A line through (x, y) `points`; `names` are places on the x axis and their texts. `zero`: the y axis begins at
    nought. `shares`: y is shown in per cent. `axes`: names of the two."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = min(xs, default=0), max(xs, default=1)
    bottom = 0.0 if zero else min(ys, default=0)
    most, up = _scale(max(ys, default=0), bottom, shares)

    def at(x: float, y: float) -> tuple[float, float]:
        along = (x - low) / ((high - low) or 1)
        return round(_LEFT + along * (width - _LEFT - _RIGHT), 1), _y((y - bottom) / ((most - bottom) or 1))

    return Plot(
        width,
        _HEIGHT,
        tuple(Tick(at(x, bottom)[0], text) for x, text in names),
        up,
        curve=_line([at(*point) for point in points]),
        guide=_line([at(*point) for point in guide]),
        marks=tuple((*at(x, y), title) for x, y, title in marks),
        axes=axes,
    )


def scatter(points: Sequence[tuple[float, float, str]], *, width: int = WIDE, axes: tuple[str, str]) -> Plot:
    """A mark for each (x, y, title) between two axes with round numbers."""
    xs, ys = [x for x, _, _ in points] or [0.0], [y for _, y, _ in points] or [0.0]
    left, right = _ends(min(xs), max(xs))
    bottom, _ = _ends(min(ys), max(ys))
    most, up = _scale(max(ys), bottom)
    steps = _round_numbers(left, right, width // 90)

    def at(x: float, y: float) -> tuple[float, float]:
        along = (x - left) / ((right - left) or 1)
        return round(_LEFT + along * (width - _LEFT - _RIGHT), 1), _y((y - bottom) / ((most - bottom) or 1))

    across = tuple(Tick(at(x, bottom)[0], text) for x, text in steps if x <= right)
    marks = tuple((*at(x, y), title) for x, y, title in points)
    return Plot(width, _HEIGHT, across, up, marks=marks, axes=axes)


def _ends(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis: from nought, unless the numbers lie far from it or on both sides."""
    near = 0.0 if 0 <= low <= 0.5 * high else low
    return near, high if high > near else near + 1


def cloud(rows: Sequence[Row], x: str, y: str, width: int = 600) -> Cloud:
    """A dot a row at its columns `x` and `y` (0 to 1), by its cluster; the first rows of a cluster lie below."""
    inner = width - 20
    clusters: dict[int, list[tuple[float, float]]] = {}
    for row in rows:
        place = (round(10 + row[x] * inner, 1), round(10 + row[y] * inner, 1))
        clusters.setdefault(row["cluster"], []).append(place)
    groups = []
    for number, places in sorted(clusters.items()):
        path = "".join(f"M{a:g} {b:g}h0" for a, b in places)
        middle = [sorted(values)[len(values) // 2] for values in zip(*places, strict=True)]
        groups.append(Group(number + 1, number % HUES, path, *min(places, key=lambda place: math.dist(place, middle))))
    height = math.ceil(max((row[y] for row in rows), default=0) * inner) + 20
    return Cloud(width, height, tuple(groups))


def _y(share: float) -> float:
    """The height of a share of the y axis, from above."""
    return round(_TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM), 1)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) if points else ""


def _scale(most: float, bottom: float = 0.0, shares: bool = False) -> tuple[float, tuple[Tick, ...]]:
    """The end of a y axis, a round number at or above `most`, and its ticks."""
    steps = _round_numbers(bottom, most, 5, shares)
    end = steps[-1][0]
    return end, tuple(Tick(_y((value - bottom) / ((end - bottom) or 1)), text) for value, text in steps)


def _round_numbers(low: float, high: float, count: int, shares: bool = False) -> list[tuple[float, str]]:
    """About `count` round numbers with their texts, from `low` to the first one at or above `high`."""
    rough = ((high - low) or 1.0) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    values = [index * step for index in range(first, last + 1)]
    if shares:
        return [(v, f"{v * 100:.4g}{_NO_BREAK}%") for v in values]
    return [(v, humane(v) if abs(v) >= 1000 else f"{v:.4g}") for v in values]
