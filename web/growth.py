"""How many models of a task, an author and the like were made in each month, as charts and as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from graph.growth import Month
from graph.query_language import Query
from graph.report import Section
from web import charts
from web.charts import BROAD, NARROW, WIDE
from web.figures import Plotted
from web.links import query_address

#: A share of all models of each month tells something of what has this share of all, over so many months.
_TELLING, _MONTHS = 0.01, 6
#: The Hub says of all that is older that it was made in this month.
_FIRST = "2022-03"
#: The width of a month's name with the room beside it.
_NAME = 66


class Grown(NamedTuple):
    """`text`: what is seen. `models`: a column a month, each a search; `share`: a curve, where it tells something."""

    text: str
    models: Plotted
    share: Plotted | None


def drawn(months: Sequence[Month], query: Query, share: float = 0.0) -> Grown | None:
    """None for less than two months. `query` finds the models, `share` of all."""
    if len(months) < 2:
        return None
    telling = share >= _TELLING and len(months) >= _MONTHS
    names = [each.month for each in months]
    links = tuple(
        query_address(query.having("created", each.month), "newest") if each.models else None for each in months
    )
    rows = (
        {"month": each.month, "models": each.models} | ({"share of all": charts.percent(each.share)} if telling else {})
        for each in months
    )
    best = max(months, key=lambda each: each.models)
    text = f"From {names[0]} to {names[-1]}; the most in {best.month} ({best.models:,})."
    if names[0] == _FIRST:
        text += " Whatever is older counts as made then: the Hub knows no earlier day."
    section = Section("growth", "Models made in each month", text, tuple(rows))
    wide, narrow = (
        charts.columns([each.models for each in months], names, width, links)
        for width in (WIDE if telling else BROAD, NARROW)
    )
    made = Plotted(section, section.title, "models", wide, narrow, links)
    return Grown(text, made, _shares(section, months) if telling else None)


def _shares(section: Section, months: Sequence[Month]) -> Plotted:
    points = [(float(place), each.share) for place, each in enumerate(months)]
    wide, narrow = (charts.curve(points, _names(months, width), width=width, shares=True) for width in (WIDE, NARROW))
    return Plotted(section, "Share of all models of the month", "share of all models made in the month", wide, narrow)


def _names(months: Sequence[Month], width: int) -> list[tuple[float, str]]:
    """The places of as many months as there is room for; the last stands at the edge, and needs the room before it."""
    every = math.ceil(len(months) * _NAME / width)
    return [(float(place), months[place].month) for place in range(0, len(months) - every // 2, every)]
