"""The map in Chromium, which draws it in software: moving, finding, hovering, selecting, without scripts or WebGL."""

from __future__ import annotations

import json
import re
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import numpy as np
import pytest
from apiflask import APIFlask
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from graph import tiles
from graph.database import Database
from tests.web.conftest import Watched, watching
from tools.chromium import EXECUTABLE, SOFTWARE
from web import WebSettings, create_app

BERT = "google-bert/bert-base-uncased"


@pytest.fixture(scope="module")
def drawing(browser: Browser) -> Iterator[Browser]:
    """Chromium with WebGL."""
    chromium = browser.browser_type.launch(executable_path=EXECUTABLE, args=list(SOFTWARE))
    yield chromium
    chromium.close()


@pytest.fixture
def seen(drawing: Browser) -> Iterator[Watched]:
    """A fresh page of that browser."""
    with watching(drawing) as found:
        yield found


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator("#stage[data-here=all]")).to_be_visible()
    return page


def place_of(address: str, id: str) -> dict[str, Any]:
    """Where a model lies, in units of the address."""
    with urllib.request.urlopen(f"{address}/api/v1/map/found?q={quote(id)}") as answer:
        found = next(each for each in json.load(answer)["models"] if each["id"] == id)
    return {"x": 1000 * found["x"], "y": 1000 * found["y"]}


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("#stage").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_model_is_hovered_moved_and_opened(address: str, seen: Watched) -> None:
    at = place_of(address, BERT)
    page = opened(seen.page, f"{address}/map?x={at['x']:.3f}&y={at['y']:.3f}&z=9")
    x, y = middle(page)
    page.mouse.move(x + 60, y + 60)
    page.mouse.move(x, y)
    expect(page.locator(".tip")).to_contain_text(BERT)
    expect(page.locator(".tip")).to_contain_text("fill-mask · transformers")
    page.mouse.down()
    page.mouse.move(x + 50, y, steps=5)
    page.mouse.move(x + 120, y, steps=5)
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(rf"x={at['x']:.3f}&"))
    expect(page).to_have_url(re.compile(r"z=9\.00"))
    now = float(re.findall(r"x=([\d.]+)", page.url)[0])  # a drag begins a few pixels after the button is pressed
    x += (at["x"] - now) * 2**9
    page.mouse.move(x, y)
    expect(page.locator(".tip")).to_be_visible()
    expect(page.locator(".tip")).to_contain_text(BERT)
    page.mouse.click(x, y)
    expect(page).to_have_url(f"{address}/model/{BERT}")
    page.go_back()
    expect(page.locator("#stage[data-here=all]")).to_be_visible()


def test_a_search_marks_what_it_finds_and_a_lasso_lists_what_it_holds(address: str, seen: Watched) -> None:
    page = opened(seen.page, f"{address}/map")
    page.get_by_role("searchbox", name="Find models on the map").fill("whispr task:automatic-speech-recognition")
    page.keyboard.press("Enter")
    found = page.get_by_role("region", name="Found")
    expect(found.get_by_role("link", name="openai/whisper-small", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/map\?q=whispr"))
    expect(page.locator("#map-said")).to_contain_text("marked")
    found.get_by_role("link", name="openai/whisper-small", exact=True).hover()
    expect(page.locator(".rings circle")).to_have_count(1)
    found.get_by_role("link", name="As a search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("whisper")

    opened(page, f"{address}/map")
    page.get_by_role("button", name="Lasso").click()
    expect(page.get_by_role("button", name="Lasso")).to_have_attribute("aria-pressed", "true")
    x, y = middle(page)
    page.mouse.move(x - 250, y - 200)
    page.mouse.down()
    for right, down in ((250, -200), (250, 200), (-250, 200), (-250, -190)):
        page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()
    selected = page.get_by_role("region", name="Selected")
    expect(selected).to_contain_text(re.compile(r"most used of [\d,]+ models"))
    expect(selected.get_by_role("listitem")).to_have_count(50)
    expect(page.get_by_role("button", name="Lasso")).to_have_attribute("aria-pressed", "false")
    before = selected.get_by_role("listitem").all_inner_texts()
    page.reload()
    expect(selected.get_by_role("listitem")).to_have_text(before, use_inner_text=True)
    selected.get_by_role("button", name="What goes with these?").click()
    expect(selected.get_by_role("heading", name="Recommended")).to_be_visible()
    assert selected.locator(".answer li").count() == 10
    selected.get_by_role("button", name="Clear").click()
    expect(selected).to_be_hidden()
    expect(page).not_to_have_url(re.compile("area="))


def test_the_legend_colours_and_switches_and_has_an_address(address: str, seen: Watched) -> None:
    page = opened(seen.page, f"{address}/map")
    page.get_by_role("link", name="Task").click()
    legend = page.get_by_role("region", name="Tasks")
    with urllib.request.urlopen(f"{address}/api/v1/map") as answer:
        index = json.load(answer)
    rows = index["legends"]["task"]
    without = index["models"] > sum(row["models"] for row in rows)
    assert legend.get_by_role("checkbox").count() == len(rows) + without
    first, second = rows[:2]
    legend.get_by_role("checkbox", name=first["name"], exact=False).first.uncheck()
    expect(page).to_have_url(f"{address}/map?colour=task&no-task={first['name']}")
    row = legend.get_by_role("listitem").filter(has_text=second["name"]).first
    row.hover()
    row.get_by_role("button", name="only").click()
    expect(page).to_have_url(f"{address}/map?colour=task&task={second['name']}")
    page.get_by_role("button", name="All in view").click()
    expect(page.get_by_role("region", name="Selected")).to_contain_text(f"of {second['models']:,} models")
    page.get_by_role("link", name="Year").click()
    page.reload()
    expect(page.locator("#stage[data-here=all]")).to_be_visible()
    expect(page.get_by_role("region", name="Selected")).to_contain_text(f"of {second['models']:,} models")
    page.get_by_role("button", name="Tasks: 1 of").click()
    expect(page.get_by_role("region", name="Selected")).not_to_contain_text(f"of {second['models']:,} models")
    expect(page).not_to_have_url(re.compile("[?&]task="))


def test_the_keyboard_moves_names_selects_and_opens(address: str, seen: Watched) -> None:
    at = place_of(address, BERT)
    page = opened(seen.page, f"{address}/map?x={at['x']:.3f}&y={at['y']:.3f}&z=8")
    stage = page.locator("#stage")
    stage.focus()
    page.keyboard.press("+")
    expect(page.locator("#map-said")).to_contain_text(f"{BERT}. fill-mask, transformers")
    expect(page).to_have_url(re.compile(r"z=8\.50"))
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(re.compile(rf"x={at['x']:.3f}&"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tip")).to_contain_text(BERT)
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('#stage').contains(document.activeElement)")
    page.get_by_role("button", name="All in view").press("Enter")
    expect(page.get_by_role("region", name="Selected").get_by_role("link", name=BERT, exact=True)).to_be_visible()
    stage.focus()
    page.keyboard.press("-")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/model/{BERT}")


def test_axe_finds_nothing_on_a_map_in_use(address: str, drawing: Browser) -> None:
    context = drawing.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = opened(context.new_page(), f"{address}/map?colour=library&q=bert&area=0,0;1000,0;1000,1000;0,1000")
    expect(page.get_by_role("region", name="Selected").get_by_role("listitem")).to_have_count(50)
    expect(page.get_by_role("region", name="Found").get_by_role("listitem").first).to_be_visible()
    page.locator("#stage").focus()
    page.keyboard.press("+")
    expect(page.locator(".tip")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found] == [], scheme
    context.close()


def test_nothing_sticks_out_of_a_map_in_use(address: str, drawing: Browser) -> None:
    context = drawing.new_context(viewport={"width": 1440, "height": 900})
    page = opened(context.new_page(), f"{address}/map?q=bert&area=0,0;1000,0;1000,1000;0,1000")
    expect(page.get_by_role("region", name="Selected").get_by_role("listitem")).to_have_count(50)
    for width in (1440, 820, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sticking = page.evaluate(
            """() => [...document.querySelectorAll('.map-side .panel')].filter((panel) =>
                [...panel.querySelectorAll('li')].some(
                    (row) => row.getBoundingClientRect().right > panel.getBoundingClientRect().right)).length"""
        )
        assert sticking == 0, width
    context.close()


def test_without_scripts_or_webgl_there_is_a_picture_and_a_list(address: str, drawing: Browser) -> None:
    context = drawing.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/map?q=whisper")
    expect(page.get_by_role("link", name="openai/whisper-small", exact=True).first).to_be_visible()
    expect(page.get_by_role("img", name="The models as points")).to_be_visible()
    expect(page.locator("#stage")).to_be_hidden()
    page.get_by_role("searchbox").fill("bert")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"/map\?q=bert"))
    context.close()
    context = drawing.new_context()
    found = Watched(context.new_page())
    found.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    found.page.goto(f"{address}/map")
    expect(found.page.get_by_role("img", name="The models as points")).to_be_visible()
    expect(found.page.get_by_role("button", name="Lasso")).to_be_hidden()
    expect(found.page.get_by_role("heading", name="Regions")).to_be_visible()
    context.close()
    assert found.troubles == []


def test_hostile_names_are_harmless_on_the_map(
    seen: Watched, db: Database, embedded_home: Path, serve_here: Callable[[APIFlask], str]
) -> None:
    hostile = "evil/<img src=x onerror=alert(1)>\u202e\u200b"
    named = [{"code": 0, "name": hostile, "models": 3}]
    place = {"facts": [["Tag", hostile]], "x": 0.5, "y": 0.5, "most_used": [hostile]}
    legends = {"task": named, "library": named, "year": named, "cluster": [named[0] | place]}
    columns = {name: np.zeros(3, dtype=int) for name in (*tiles.FIELDS, "popularity")}
    columns |= {"x": np.array([30_000, 32_767, 36_000]), "y": np.array([30_000, 32_767, 36_000])}
    tile = tiles.Tile(0, 0, 0, columns, [hostile, hostile + "2", hostile + "3"], [1, None, 3])
    tiles.write(embedded_home, {"models": 3, "unplaced": 0, "box": [0.4, 0.4, 0.6, 0.6], "legends": legends}, [tile])
    uri = None if db.engine.name == "arcadedb" else db.uri
    try:
        here = serve_here(create_app(WebSettings(embedded_home, uri, database=db.name, rate_limit="")))
        page = opened(seen.page, f"{here}/map?colour=task&area=0,0;1000,0;1000,1000;0,1000")
        selected = page.get_by_role("region", name="Selected")
        expect(selected.get_by_role("listitem")).to_have_count(3)
        page.locator("#stage").focus()
        page.keyboard.press("+")
        expect(page.locator(".tip")).to_contain_text("<img src=x onerror=alert(1)>��2")
        assert page.locator("img").count() == 0
        assert "\u202e" not in page.locator("main").inner_text()
        links = selected.get_by_role("listitem").get_by_role("link").all()
        assert {unquote(str(link.get_attribute("href"))) for link in links} == {f"/model/{id}" for id in tile.ids}
    finally:
        shutil.rmtree(embedded_home / "map")
