"""What a person does with the pages about them, in Chromium over `hfmrs serve`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Watched
from tests.web.provider import Provider

BERT = "google-bert/bert-base-uncased"
LIKE, DULL = re.compile("^Like"), re.compile("^Not useful")


def forget(page: Page, address: str) -> None:
    page.goto(address + "/you/data")
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Delete everything").click()
    page.wait_for_url(address + "/")


@pytest.fixture
def fresh(address: str, watched: Watched) -> Iterator[Page]:
    """A page of the one person of this computer, of whom nothing is kept, before and after."""
    forget(watched.page, address)
    yield watched.page
    forget(watched.page, address)


def names(page: Page) -> list[str]:
    return page.locator(".rec .name").all_inner_texts()


def pick(page: Page, address: str, count: int = 3) -> list[str]:
    page.goto(address)
    page.get_by_role("link", name="For you", exact=True).click()
    boxes = page.locator(".pick")
    chosen = [boxes.nth(n).locator("bdi").inner_text() for n in range(count)]
    for n in range(count):
        boxes.nth(n).click()
    page.get_by_role("button", name="Show what suits me").click()
    expect(page.locator(".rec")).to_have_count(10)
    return chosen


def test_from_a_newcomer_to_recommendations_and_away_again(address: str, fresh: Page, tmp_path: Path) -> None:
    page = fresh
    picked = pick(page, address)
    first = page.locator(".rec").first
    expect(first.locator(".sentence").first).to_contain_text(re.compile("Because you liked (" + "|".join(picked) + ")"))

    before = names(page)
    first.get_by_role("button", name=LIKE).click()
    expect(page.locator("#origins")).to_contain_text(before[0])
    expect(page.locator(".rec .name").first).not_to_have_text(before[0])
    changed = names(page)
    assert before[0] not in changed
    page.locator(".rec").nth(1).get_by_role("button", name=DULL).click()
    expect(page.locator(".rec .name").filter(has_text=re.compile(f"^{re.escape(changed[1])}$"))).to_have_count(0)

    page.get_by_label("Popularity").select_option("Hidden gems")
    expect(page).to_have_url(re.compile(r"/you\?.*novelty=1"))
    expect(page.locator(".rec .sentence").filter(has_text="It is used by").first).to_be_visible()
    dull = names(page)[0]
    page.locator(".rec").first.get_by_role("button", name=DULL).click()
    expect(page.locator(".rec .name").filter(has_text=re.compile(f"^{re.escape(dull)}$"))).to_have_count(0)
    expect(page.locator(".rec .sentence").filter(has_text="It is used by").first).to_be_visible()  # still gems
    page.locator(".rec").first.get_by_role("link", name="All reasons, drawn").click()
    expect(page.locator(".drawing svg.wide").first).to_be_visible()

    other = names(page)[5]  # neither liked nor dismissed
    page.goto(f"{address}/model/{other}")
    heart = page.locator(".heading").get_by_role("button", name=LIKE)
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.focus()
    page.keyboard.press("Enter")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_be_focused()
    page.reload()
    expect(heart).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Add to a collection").click()
    page.get_by_label("A new collection with it").fill("For the phone")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("For the phone")
    expect(page.locator(".card")).to_have_count(1)

    page.goto(f"{address}/search?q=german")
    expect(page.locator(".card form.marks").first).to_be_visible()
    page.get_by_role("link", name="Save this search").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="german").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("german")

    page.goto(address + "/you/data")
    page.get_by_label("Keep which models I look at").check()
    page.get_by_role("button", name="Save").click()
    with page.expect_response(lambda answer: "/you/views" in answer.url):
        page.goto(f"{address}/model/{before[3]}")
    page.goto(address + "/you/data")
    expect(page.get_by_role("region", name="Views")).to_contain_text(before[3])
    with page.expect_download() as started:
        page.get_by_role("link", name="Download as JSON").click()
    started.value.save_as(tmp_path / "you.json")
    kept = json.loads((tmp_path / "you.json").read_text(encoding="utf-8"))
    liked = {each["id"] for each in kept["likes"]}
    assert {*picked, before[0], other} == liked
    assert [each["name"] for each in kept["collections"] + kept["searches"]] == ["For the phone", "german"]
    assert [each["id"] for each in kept["views"]] == [before[3]]

    forget(page, address)
    page.get_by_role("link", name="For you", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin with models you know")


def test_it_works_without_scripts(address: str, fresh: Page, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    pick(page, address, 2)
    first = names(page)[0]
    page.locator(".rec").first.get_by_role("button", name=LIKE).click()
    expect(page.locator(".rec")).to_have_count(10)
    assert first not in names(page)
    page.goto(f"{address}/model/{names(page)[5]}")
    page.locator(".heading").get_by_role("link", name=LIKE).click()
    page.get_by_role("button", name=LIKE).click()
    expect(page.get_by_role("button", name=LIKE)).to_have_attribute("aria-pressed", "true")
    context.close()


def test_axe_finds_nothing_and_nothing_sticks_out(address: str, fresh: Page, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    found: list[object] = []

    def look(path: str) -> None:
        page.goto(address + path, wait_until="networkidle")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for each in Axe().run(page).response["violations"]:
                found.append((path, scheme, each["id"], [node["target"] for node in each["nodes"]][:2]))
        for width in (390, 820, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((path, width))

    look("/you")
    look("/you?task=fill-mask")
    pick(page, address)
    page.goto(f"{address}/you/keep?model={BERT}")
    page.get_by_label("A new collection with it").fill("x" * 100)
    page.get_by_role("button", name="Make it").click()
    look(page.url.removeprefix(address))
    page.goto(f"{address}/you/searches/new?query=q%3D{'y' * 90}")
    page.get_by_role("button", name="Save", exact=True).click()
    for path in ("/you", "/you/new", "/you/collections", "/you/data", f"/you/keep?model={BERT}", f"/model/{BERT}"):
        look(path)
    context.close()
    assert found == []


def test_signing_in_and_out(
    shared_app: APIFlask, provider: Provider, serve_here: Callable[..., str], watched: Watched
) -> None:
    provider.user = {"sub": "ada", "preferred_username": "ada"}
    page = watched.page
    address = serve_here(shared_app)
    page.goto(f"{address}/model/{BERT}", wait_until="networkidle")
    page.locator(".heading").get_by_role("link", name=LIKE).click()
    watched.troubles.clear()  # the browser notes that the page came with 401
    page.get_by_role("link", name="Sign in with").click()
    expect(page.get_by_text("Signed in as ada")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Keep")
    page.get_by_role("button", name=LIKE).click()
    expect(page.get_by_role("button", name=LIKE)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{address}/model/{BERT}", wait_until="networkidle")
    expect(page.locator(".heading").get_by_role("link", name=LIKE)).to_be_visible()
