"""Every section of the report as what its template draws: one place for the Explore page and for the report's file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from graph.query_language import FIELDS, Query
from graph.report import Section
from web import charts, text
from web.charts import NARROW, WIDE, Address, Bar, Plot, Row
from web.files import render

_SHOWN, _MORE = 10, 40
#: The sections that list facts, with the label of these.
KINDS = {
    "tasks": "Task", "libraries": "Library", "licences": "License", "languages": "Language",
    "model_types": "Architecture", "architectures": "Architecture", "authors": "Author",
}  # fmt: skip
_MEASURES = (
    ("silhouette", "Silhouette", "higher is better"),
    ("davies_bouldin", "Davies-Bouldin", "lower is better"),
    ("calinski_harabasz", "Calinski-Harabasz", "higher is better"),
    ("inertia", "Inertia", "look for the bend"),
)


class Listed(NamedTuple):
    """A section as bars: the first ones, and those behind a click."""

    section: Section
    kind: str
    bars: list[Bar]
    more: list[Bar]


class Plotted(NamedTuple):
    """A section as a drawing, wide and for a phone. `note` stands beside the title; `links`: where each row
    leads."""

    section: Section
    title: str
    note: str
    wide: Plot
    narrow: Plot
    links: tuple[str | None, ...] = ()


#: The search that a query in its language leads to, with an order of its own; None where there is none.
Search = Callable[..., "str | None"]


def drawn(sections: Sequence[Section], address: Address, search: Search | None = None) -> dict[str, Any]:
    """What `_report.html` needs. `address` gives a fact's link, or None; `search` that of what a chart counts, without
    which bars lead to their facts."""
    by_id = {section.id: section for section in sections}

    def counted(kind: str, key: str) -> str | None:
        field = "base" if kind == "Model" else kind.lower()
        return search(Query((), {field: key})) if search and field in FIELDS else address(kind, key)

    def listed(id_: str, kind: str, name: str, value: str) -> Listed:
        found = charts.bars(by_id[id_].rows, name, value, lambda key: counted(kind, key))
        return Listed(by_id[id_], kind.lower(), found[:_SHOWN], found[_SHOWN : _SHOWN + _MORE])

    completeness = charts.bars(by_id["completeness"].rows, "field", "share")
    depths = [row | {"name": _generation(row["depth"])} for row in by_id["depths"].rows]
    originals = search(Query((), {"kind": "original"})) if search else None

    def of_time(row: Row) -> str | None:
        when = str(row.get("month") or row["year"])
        return search(Query((), {"created": when}), "newest") if search else None

    return {
        "sections": by_id,
        "kinds": [listed(id_, kind, "name", "models") for id_, kind in KINDS.items()],
        "years": _columns(by_id["years"], "models", lambda row: str(row["year"]), of_time),
        "downloads": _columns(by_id["downloads"], "models", _span),
        "growth": _columns(by_id["growth"], "models", lambda row: str(row["month"]), of_time),
        "most_used": search(Query(), "downloads") if search else None,
        "lorenz": _lorenz(by_id["concentration"]),
        "depths": Listed(
            by_id["depths"],
            "model",
            charts.bars(depths, "name", "models", lambda name: originals if name == _generation(0) else None),
            [],
        ),
        "families": listed("families", "Model", "base", "family"),
        "completeness": Listed(by_id["completeness"], "tag", completeness, []),
        "trials": _trials(by_id["trials"]),
        "umap": charts.cloud(by_id["picture"].rows, "x", "y"),
        "pca": charts.cloud(by_id["picture"].rows, "pca_x", "pca_y"),
        "coverage": [(by_id["similar_tasks"], "Task"), (by_id["similar_languages"], "Language")],
        "link": address,
        "hues": charts.HUES,
        "percent": charts.percent,
    }


def _generation(depth: int) -> str:
    return "made from no other" if depth == 0 else "1 step away" if depth == 1 else f"{depth} steps away"


def _span(row: Row) -> str:
    low, high = text.humane(row["from"]), text.humane(row["to"])
    return low if row["from"] == row["to"] else f"{low}–{high}" if row["to"] < 10 else f"{low}+"


def _columns(
    section: Section, value: str, name: Callable[[Row], str], link: Callable[[Row], str | None] | None = None
) -> Plotted:
    values, names = [row[value] for row in section.rows], [name(row) for row in section.rows]
    links = tuple(link(row) for row in section.rows) if link else ()
    wide, narrow = (charts.columns(values, names, width, links) for width in (WIDE, NARROW))
    return Plotted(section, section.title, "models", wide, narrow, links)


def _lorenz(section: Section) -> Plotted:
    points = [(row["models"], row["downloads"]) for row in section.rows]
    names = [(share, charts.percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    diagonal = [(0.0, 0.0), (1.0, 1.0)]
    wide, narrow = (charts.curve(points, names, width=width, guide=diagonal, shares=True) for width in (WIDE, NARROW))
    return Plotted(section, section.title, "share of the downloads that the least used models have", wide, narrow)


def _trials(section: Section) -> list[Plotted]:
    """The measures over k, on a logarithmic axis, the chosen k marked."""
    made = []
    for column, title, note in _MEASURES if len(section.rows) > 1 else ():
        points = [(math.log(row["k"]), row[column]) for row in section.rows]
        marks = [
            (math.log(row["k"]), row[column], f"{row['k']}: {row[column]:.3g}") for row in section.rows if row["chosen"]
        ]
        names = [(math.log(row["k"]), str(row["k"])) for row in section.rows[::2]]
        wide, narrow = (charts.curve(points, names, width=width, zero=False, marks=marks) for width in (WIDE, NARROW))
        made.append(Plotted(section, title, note, wide, narrow))
    return made


def page(sections: Sequence[Section]) -> str:
    """The report as one HTML file."""
    return render("report.html", **drawn(sections, _on_the_hub))


def _on_the_hub(label: str, key: str) -> str | None:
    return f"https://huggingface.co/{quote(key, safe='/')}" if label in ("Model", "Author") else None
