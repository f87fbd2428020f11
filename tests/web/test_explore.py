"""The Explore page and what its drawings are laid out from."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from graph import report
from graph.database import Database
from web import WebSettings, charts, create_app


def test_each_bar_leads_to_its_models(client: FlaskClient) -> None:
    page = client.get("/explore").text
    links = [unescape(each) for each in re.findall(r'<li><a href="([^"]+)"', page)]
    for wanted in (
        "task:fill-mask",
        "library:transformers",
        "license:apache-2.0",
        "language:en",
        "author:",
        "base:",
        "kind:original",
    ):
        assert any(unquote(link).startswith(f"/search?q={wanted}") for link in links), wanted
    tasks = {each["name"]: each["models"] for each in client.get("/api/v1/report").get_json()["sections"][1]["rows"]}
    assert client.get("/api/v1/search?task=fill-mask").get_json()["total"] == tasks["fill-mask"]


def test_columns_and_their_rows_lead_to_the_models_of_their_time(client: FlaskClient) -> None:
    page = client.get("/explore").text
    growth = {each["id"]: each["rows"] for each in client.get("/api/v1/report").get_json()["sections"]}["growth"]
    links = re.findall(r'<a href="([^"]+created[^"]+)"', page)
    for row in growth[-3:]:
        (address,) = {
            unescape(link) for link in links if unquote(link).split("&")[0].endswith(f"created:{row['month']}")
        }
        found = client.get(address.replace("/search", "/api/v1/search") + "&forms=true").get_json()
        assert found["total"] == row["models"]
        assert len([link for link in links if unescape(link) == address]) == 3  # wide, narrow, and in the table


def test_the_page_draws_every_chart_with_a_name(client: FlaskClient) -> None:
    page = client.get("/explore").text
    drawings = re.findall(r"<svg class=\"(?:plot|cloud)[^>]*>", page)
    assert len(drawings) == 2 * 8 + 2
    assert all(('role="img"' in each or 'role="group"' in each) and 'aria-label="' in each for each in drawings)
    assert "style=" not in page
    (dots,) = {len(re.findall(r"h0", cloud)) for cloud in re.findall(r"<svg class=\"cloud.*?</svg>", page, flags=re.S)}
    assert dots > 1_900


def test_the_same_report_comes_as_json(client: FlaskClient) -> None:
    sections = {each["id"]: each for each in client.get("/api/v1/report").get_json()["sections"]}
    assert {"tasks", "downloads", "growth", "families", "completeness", "trials", "clusters", "picture"} <= set(
        sections
    )
    assert [row["chosen"] for row in sections["trials"]["rows"]].count(True) == 1
    named = [row["facts"] for row in sections["clusters"]["rows"]]
    assert sum(bool(facts) for facts in named) >= 0.8 * len(named)
    assert sum(row["models"] for row in sections["clusters"]["rows"]) == sections["summary"]["rows"][0]["value"]


@pytest.fixture
def fresh(db: Database, embedded_home: Path) -> Callable[[], FlaskClient]:
    """A client of an application over `db`, which has loaded nothing yet."""
    uri = None if db.engine.name == "arcadedb" else db.uri
    return create_app(WebSettings(embedded_home, uri, database=db.name, rate_limit="")).test_client


def test_a_graph_that_is_not_described_says_what_to_do(fresh: Callable[[], FlaskClient]) -> None:
    page = fresh().get("/explore")
    assert page.status_code == 409
    assert "hfmrs build" in page.text
    answer = fresh().get("/api/v1/report")
    assert (answer.status_code, answer.get_json()["hint"]) == (409, "Run: hfmrs build")


def test_hostile_names_stay_text(fresh: Callable[[], FlaskClient], db: Database, client: FlaskClient) -> None:
    hostile = '"><script>alert(1)</script>\u202e'
    sections = client.get("/api/v1/report").get_json()["sections"]
    for each in sections:
        for row in each["rows"]:
            row.update({name: hostile for name in ("name", "base", "most_used") if name in row})
            if "facts" in row:
                row["facts"] = [["Tag", hostile]]
    report.write(db, [report.Section(**{**each, "text": hostile, "rows": tuple(each["rows"])}) for each in sections])
    page = fresh().get("/explore")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "\u202e" not in page.text
    assert page.text.count("&lt;script&gt;") > 50


def test_columns_stand_on_the_axis_and_fit_below_a_round_number() -> None:
    plot = charts.columns([0, 5, 870, 1], ["a", "b", "c", "d"], width=320)
    assert plot.columns[0].height == 0
    assert all(each.y + each.height == pytest.approx(plot.floor) for each in plot.columns)
    assert plot.columns[3].height >= 1
    assert plot.up[-1].text == "1\u00a0k"
    assert all(plot.left <= each.x and each.x + each.width <= plot.width for each in plot.columns)
    assert charts.columns([], []).columns == ()


def test_names_below_columns_do_not_meet() -> None:
    names = [f"2023-{month:02}" for month in range(1, 13)] * 4
    plot = charts.columns([1] * 48, names, width=320)
    steps = {round(b.at - a.at) for a, b in pairwise(plot.across)}
    assert min(steps) > 7 * 7


@pytest.mark.parametrize(
    ("values", "zero", "texts"),
    [
        ([0.0, 0.5, 1.0], True, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ([3.0, 3.0], False, ["3", "3.2"]),
        ([0.0, 0.0], True, ["0", "0.2"]),
    ],
)
def test_ticks_are_round_numbers(values: list[float], zero: bool, texts: list[str]) -> None:
    plot = charts.curve(list(enumerate(values)), [], zero=zero)
    assert [tick.text for tick in plot.up] == texts


def test_dots_lie_inside_and_numbers_on_a_dot() -> None:
    rows = [{"cluster": c, "x": x, "y": y} for c, x, y in ((0, 0.0, 0.0), (0, 1.0, 0.5), (11, 0.5, 0.25))]
    cloud = charts.cloud(rows, "x", "y", width=100)
    assert [(group.number, group.hue) for group in cloud.groups] == [(1, 0), (12, 1)]
    assert cloud.groups[0].path == "M10 10h0M90 50h0"
    assert [(group.x, group.y) for group in cloud.groups] == [(90, 50), (50, 30)]
    assert cloud.height == 60


def test_bars_are_measured_against_the_longest() -> None:
    rows = [{"name": "a", "n": 1500}, {"name": "b", "n": 300}]
    made = charts.bars(rows, "name", "n", lambda name: f"/{name}")
    assert [(each.length, each.shown, each.exact, each.address) for each in made] == [
        (100, "1.5\u00a0k", "1,500", "/a"),
        (20, "300", "300", "/b"),
    ]
    assert charts.bars([{"name": "a", "n": 0.123}], "name", "n")[0].shown == "12\u00a0%"
    assert charts.bars([], "name", "n") == []
