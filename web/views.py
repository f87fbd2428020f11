"""An answer as a drawing of its nodes and relationships, or as a chart that its columns suggest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from graph import things
from graph.database import Table
from graph.errors import BadInput
from web import charts, picture
from web.charts import Bar, Plot
from web.text import humane

VIEWS = ("table", "graph", "chart")
#: More bars than these are a table.
MOST_BARS = 40
KINDS = {"bars": "Bars", "line": "Line", "scatter": "Points"}

#: A month, a day or a moment.
DATE = re.compile(r"\d{4}-\d\d(-\d\d(T\d\d:\d\d[\d:.+Z-]*)?)?")


class GraphView(NamedTuple):
    """`picture` shows the first of `nodes`, whose (label, key) are `names`; `drawn` is how many of them."""

    picture: picture.Picture
    nodes: list[dict[str, Any]]
    names: list[tuple[str, str]]
    links: int
    drawn: int
    labels: list[str]


def graph(table: Table) -> GraphView | None:
    """The answer's nodes and relationships, laid out; None where it has none."""
    found = things.drawable(table.rows)
    if not found.nodes:
        return None
    names = [(things.label(each), things.key(each)) for each in found.nodes]
    place = {each["id"]: i for i, each in enumerate(found.nodes)}
    links = dict.fromkeys((place[each["start"]], place[each["end"]], each["type"]) for each in found.links)
    laid, drawn = picture.first(names, list(links))
    labels = list(dict.fromkeys(label for label, _ in names[:drawn]))
    return GraphView(laid, found.nodes, names, len(links), drawn, labels)


class ChartView(NamedTuple):
    """`bars`, or one plot for a wide and one for a narrow window; `rows` are the numbers behind it."""

    kind: str
    x: str
    y: str
    kinds: dict[str, str]
    xs: list[str]
    ys: list[str]
    bars: list[Bar]
    wide: Plot | None
    narrow: Plot | None
    note: str
    columns: tuple[str, str]
    rows: list[tuple[Any, Any]]


def chart(table: Table, wanted: Mapping[str, str]) -> ChartView:
    """The chart that the columns suggest, or the one whose `chart`, `x` and `y` are wanted and possible.

    Dates and numbers make a line, words and numbers bars, two columns of numbers points. Raises `BadInput` where there
    is nothing to draw.
    """
    columns = {name: [things.readable(row[i]) for row in table.rows] for i, name in enumerate(table.columns)}
    sorts = {name: _sort(values) for name, values in columns.items()}
    numbers = [name for name, sort in sorts.items() if sort == "number"]
    if not numbers:
        raise BadInput(
            "A chart needs a column of numbers, and this answer has none.", "Return one, such as count(*) AS models."
        )
    dates = [name for name, sort in sorts.items() if sort == "date" and len(set(columns[name])) == len(table.rows)]
    words = [name for name, sort in sorts.items() if sort in ("text", "date")]
    places = {
        "bars": [*words, *(numbers if len(numbers) > 1 or not words else [])],
        "line": [*dates, *(numbers if len(numbers) > 1 else [])],
        "scatter": numbers if len(numbers) > 1 else [],
    }
    leads = next(iter(words), "")  # of a name and a date, what comes first is what the rows are about
    first = "line" if leads in dates else "bars" if words or len(numbers) == 1 else "scatter"
    kind = wanted.get("chart", "")
    kind = kind if places.get(kind) else first
    x = wanted.get("x", "")
    x = x if x in places[kind] else places[kind][0]
    ys = [name for name in numbers if name != x] or numbers
    y = wanted.get("y", "")
    y = y if y in ys else ys[0]
    pairs = [(a, b) for a, b in zip(columns[x], columns[y], strict=True) if b is not None and a is not None]
    labels = [str(each) for each in _labels(table, columns, x, pairs)]
    empty = len(table.rows) - len(pairs)
    make = {"bars": _bars, "line": _line, "scatter": _scatter}[kind]
    bars, plots, note = make(pairs, labels, (x, y))
    if empty:
        note += f" Left out: {empty:,} row{'' if empty == 1 else 's'} without a value."
    kinds = {name: title for name, title in KINDS.items() if places[name]}
    return ChartView(kind, x, y, kinds, places[kind], ys, bars, *plots, note, (x, y), pairs)


Drawn = tuple[list[Bar], "tuple[Plot | None, Plot | None]", str]
Pairs = Sequence[tuple[Any, Any]]


def _labels(table: Table, columns: Mapping[str, list[Any]], x: str, pairs: Pairs) -> list[Any]:
    """What a point is called: the first column of words of its row, else its place on the x axis."""
    name = next((each for each in table.columns if each != x and _sort(columns[each]) == "text"), x)
    if len(pairs) != len(table.rows):
        name = x
    return [a for a, _ in pairs] if name == x else columns[name]


def _bars(pairs: Pairs, _: Sequence[str], names: tuple[str, str]) -> Drawn:
    shown = pairs[:MOST_BARS]
    most = max((abs(b) for _, b in shown), default=0) or 1
    bars = [Bar(_name(a), None, round(100 * abs(b) / most, 1), _short(b), f"{b:,}", b < 0) for a, b in shown]
    left_out = f" The first {MOST_BARS} of {len(pairs):,} rows." if len(pairs) > MOST_BARS else ""
    return bars, (None, None), f"{_spoken(names[1]).capitalize()} by {_spoken(names[0])}.{left_out}"


def _line(pairs: Pairs, _: Sequence[str], names: tuple[str, str]) -> Drawn:
    points = sorted((_number(a), float(b), str(a)) for a, b in pairs)
    marks = [(x, y, f"{_day(name)}: {_short(y)}") for x, y, name in points] if len(points) <= 60 else []
    bare = [(x, y) for x, y, _ in points]

    def plot(width: int) -> Plot:
        most = max(2, width // 110)
        step = max(1, -(-len(points) // most))
        ticks = [(x, _day(name)) for x, _, name in points[::step]]
        low = min((y for _, y in bare), default=0)
        return charts.curve(bare, ticks, width=width, zero=low >= 0, marks=marks, axes=names)

    return [], (plot(charts.BROAD), plot(charts.NARROW)), f"{_spoken(names[1]).capitalize()} along {_spoken(names[0])}."


def _scatter(pairs: Pairs, labels: Sequence[str], names: tuple[str, str]) -> Drawn:
    points = [
        (float(a), float(b), f"{name}: {_short(a)}, {_short(b)}") for (a, b), name in zip(pairs, labels, strict=True)
    ]
    plots = tuple(charts.scatter(points, width=width, axes=names) for width in (charts.BROAD, charts.NARROW))
    return [], (plots[0], plots[1]), f"{_spoken(names[1]).capitalize()} against {_spoken(names[0])}, a point a row."


def _sort(values: Sequence[Any]) -> str:
    """`number`, `date`, `text`, or nothing for values that no axis can hold."""
    there = [each for each in values if each is not None]
    if not there:
        return ""
    if all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in there):
        return "number"
    if all(isinstance(each, str) for each in there):
        return "date" if all(DATE.fullmatch(each) for each in there) else "text"
    return ""


def _number(value: Any) -> float:
    """Where a number or a date lies on an axis."""
    if not isinstance(value, str):
        return float(value)
    text = value if len(value) > 7 else value + "-01"
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None).toordinal()


def _day(name: str) -> str:
    return name[:10]


def _name(value: Any) -> str:
    return _short(value) if isinstance(value, float) else str(value)


def _short(value: float) -> str:
    return humane(value) if abs(value) >= 1 or value == 0 else f"{value:.3g}"


def _spoken(name: str) -> str:
    return name.replace("_", " ")
