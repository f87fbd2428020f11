"""The pages in Chromium over `hfmrs serve`: the flow people take, accessibility, weight, phones, no scripts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.web.conftest import Watched

BERT = "/model/google-bert/bert-base-uncased"
PAGES = (
    "/",
    "/search?q=sentence+similarity+in+German&license=apache-2.0",
    "/search?q=nothing&task=nothing",
    "/search?q=whispr+kind:original",
    "/search?q=tusk:fill-mask",
    BERT,
    "/model/openai/whisper-small/family",
    BERT + "/methods",
    "/compare?a=google-bert/bert-base-uncased&b=FacebookAI/roberta-base",
    "/author/google-bert?novelty=0.5",
    "/why?a=google-bert/bert-base-uncased&b=FacebookAI/roberta-base&method=gat",
    "/why?a=google-bert/bert-base-uncased&b=openai/whisper-small&method=gat&language=de",
    "/query?cypher=MATCH+(t:Task)+RETURN+t.name+AS+task,+t.degree+AS+models+LIMIT+50",
    "/query?cypher=MATCH+(n",
    "/explore",
    "/task/fill-mask",
    "/dataset/legacy-datasets/wikipedia",
    "/about",
    "/api/docs",
    "/model/no/such",
)


def test_from_a_search_to_the_cypher_behind_a_reason(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address)
    page.get_by_role("combobox", name="Search models").fill("sentence similarity in German")
    page.get_by_role("combobox", name="Search models").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("sentence similarity in German")
    first = page.locator(".card .name a").first
    model = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(model)
    before = page.locator(".rec .name").all_inner_texts()
    assert len(before) == 10

    page.get_by_role("link", name="Text (cosine)").click()
    expect(page.get_by_role("link", name="Text (cosine)")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile("method=cosine"))
    page.get_by_label("How many").select_option("5")
    expect(page.locator(".rec")).to_have_count(5)
    expect(page).to_have_url(re.compile(r"(?=.*k=5)(?=.*method=cosine)"))
    page.reload()
    expect(page.locator(".rec")).to_have_count(5)
    page.get_by_role("link", name="Attention (GAT)").click()
    expect(page.get_by_role("link", name="Attention (GAT)")).to_have_attribute("aria-current", "true")

    card = page.locator(".rec").first
    card.get_by_role("link", name="All reasons, drawn").click()
    expect(card.locator(".drawing svg.wide")).to_be_visible()
    reason = card.locator("details.reason:has(.path)").first
    sentence = reason.locator("summary")
    sentence.focus()
    page.keyboard.press("Enter")
    expect(reason.locator(".path")).to_be_visible()
    reason.get_by_role("link", name="Run this Cypher").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask the graph in Cypher")
    expect(page.locator("#result")).to_contain_text("row")
    assert page.locator("tbody tr").count() >= 1


def test_a_search_is_typed_narrowed_and_widened(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address)
    box = page.get_by_role("combobox", name="Search models")
    box.press_sequentially("whispr task:autom")
    option = page.get_by_role("option", name="task:automatic-speech-recognition")
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("q-suggestions-0"))
    assert Axe().run(page).response["violations"] == []
    box.press("Enter")
    expect(box).to_have_value("whispr task:automatic-speech-recognition ")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("whisper")
    expect(page.get_by_text("Showing results for")).to_be_visible()
    expect(box).to_have_value("whisper task:automatic-speech-recognition")
    facets = page.get_by_role("complementary", name="Narrow down")
    facets.get_by_role("link", name=re.compile("^Originals")).click()
    expect(box).to_have_value("whisper task:automatic-speech-recognition kind:original")
    expect(facets.get_by_role("link", name=re.compile("^Originals"))).to_have_attribute("aria-current", "true")
    facets.get_by_role("link", name=re.compile("^Originals")).click()
    expect(box).to_have_value("whisper task:automatic-speech-recognition")
    page.get_by_role("link", name="Newest").click()
    expect(page).to_have_url(re.compile("sort=newest"))

    box.fill("mistral 7b")
    box.press("Enter")
    forms = page.locator(".forms").first
    forms.locator("summary").click()
    expect(forms.get_by_role("listitem").first).to_be_visible()
    forms.get_by_role("link", name="All models of this name").click()
    expect(box).to_have_value(re.compile("^name:mistral-7b"))
    assert page.locator(".card").count() > 1

    box.fill("bert-base-unc")
    page.get_by_role("option", name="google-bert/bert-base-uncased").click()
    expect(page).to_have_url(re.compile("/model/google-bert/bert-base-uncased$"))


def test_a_search_works_without_scripts(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("searchbox").fill("bert license:apache-2.0")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("list", name="Filters in use")).to_contain_text("apache-2.0")
    page.get_by_role("link", name="remove this license filter").click()
    expect(page.get_by_role("searchbox")).to_have_value("bert")
    context.close()


def test_a_chosen_theme_stays(address: str, watched: Watched) -> None:
    page = watched.page
    page.emulate_media(color_scheme="light")
    page.goto(address)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button = page.get_by_role("button", name="Colours")
    button.click()
    button.click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto(address + "/about")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(address: str, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + path)
    for link in page.get_by_role("link", name="All reasons, drawn").all()[:1]:
        link.click()
        expect(page.locator(".drawing")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found] == [], scheme
    for width in (1440, 820, 390):  # what is folded up on a phone is open here, and wider
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("path", ["/", BERT])
def test_the_first_view_is_light(address: str, browser: Browser, path: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(address + path, wait_until="networkidle")
    context.close()
    assert len(sizes) > 4
    assert sum(sizes) < 150_000


def test_pages_read_well_without_scripts(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + BERT)
    reason = page.locator("details.reason:has(.path)").first
    reason.locator("summary").click()
    expect(reason.locator(".path")).to_be_visible()
    page.get_by_label("How many").select_option("5")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".rec")).to_have_count(5)
    page.get_by_role("link", name="All reasons, drawn").first.click()
    expect(page.locator(".drawing svg.wide")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why")
    context.close()


def test_on_a_phone_the_choices_are_folded_until_one_is_made(address: str, watched: Watched) -> None:
    page = watched.page
    for width, path, seen in ((390, "", False), (390, "?k=20", True), (390, "?same_task=1", True), (1440, "", True)):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(address + BERT + path)
        expect(page.get_by_label("How many")).to_be_visible(visible=seen)
        expect(page.get_by_text("Order and filters")).to_be_visible(visible=width == 390)
        if not seen:
            expect(page.locator(".card .name").first).to_be_in_viewport()
            page.get_by_text("Order and filters").click()
            expect(page.get_by_label("How many")).to_be_visible()


@pytest.mark.parametrize("path", [BERT, "/author/google-bert"])
def test_popularity_is_a_choice_with_an_address(address: str, watched: Watched, path: str) -> None:
    page = watched.page
    page.goto(address + path)
    before = page.locator(".rec .name").all_inner_texts()
    page.get_by_label("Popularity").select_option("Hidden gems")
    expect(page).to_have_url(re.compile(r"novelty=1\b"))
    expect(page.locator(".rec .sentence").filter(has_text="It is used by").first).to_be_visible()
    gems = page.locator(".rec .name").all_inner_texts()
    assert gems != before
    page.reload()
    assert page.locator(".rec .name").all_inner_texts() == gems
    page.get_by_label("Popularity").select_option("Balanced")
    expect(page).not_to_have_url(re.compile("novelty"))
    expect(page.locator(".rec .name")).to_have_text(before)


def test_popularity_is_chosen_without_scripts(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + BERT)
    page.get_by_label("Popularity").select_option("Well-trodden")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("novelty=-1"))
    expect(page.get_by_label("Popularity")).to_have_value("-1")
    expect(page.locator(".rec .sentence").filter(has_text="It is used by many").first).to_be_visible()
    context.close()


def test_what_was_expected_and_is_not_there_says_why(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + BERT)
    page.get_by_label("Did you expect another?").fill("openai/whisper-small")
    page.get_by_role("button", name="Why not?").click()
    expect(page.locator(".standing.out")).to_contain_text("it is for another sort of task")
    page.goto(address + BERT)
    page.get_by_label("Did you expect another?").fill("dslim/bert-base-NER")
    page.get_by_role("button", name="Why not?").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bert-base-NER is not recommended for")
    expect(page.locator(".standing.out")).to_contain_text("come into question")
    expect(page.locator(".standing li").first).to_contain_text("nearer")
    page.get_by_role("link", name="Deutsch").click()
    expect(page).to_have_url(re.compile("language=de"))
    expect(page.locator(".standing.out")).to_contain_text("am nächsten sind")
    expect(page.locator(".reason.rest")).to_contain_text("Alles Kleinere")


def test_the_counterfactual_stands_among_the_reasons(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + BERT)
    card = page.locator(".rec").first
    card.get_by_role("link", name="All reasons, drawn").click()
    expect(card.locator(".standing")).to_contain_text("It is number 1 of the")
    reason = card.locator(".reason.counterfactual")
    expect(reason).to_contain_text("among the first 10")
    expect(reason.locator(".share")).to_have_text("–")
    reason.locator("summary").click()
    reason.get_by_role("link", name="Run this Cypher").click()
    expect(page.locator("#result")).to_contain_text("row")
    assert page.locator("tbody tr").count() >= 1


def test_a_bar_of_the_explore_page_opens_its_search(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Explore").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The graph as a whole")
    expect(page.get_by_role("img", name="The models by UMAP")).to_be_visible()
    page.get_by_role("region", name="Tasks").get_by_role("link", name="fill-mask", exact=True).click()
    expect(page).to_have_url(re.compile("task:fill-mask"))
    expect(page.get_by_role("list", name="Filters in use")).to_contain_text("fill-mask")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_report_in_a_file_reads_as_well(
    built: Path, browser: Browser, tmp_path: Path, scheme: str, width: int
) -> None:
    command = [sys.executable, "-m", "hfmrs", "--home", str(built), "report", "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    context = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 900},
        offline=True,
    )
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("svg.cloud").first).to_be_visible()
    found = [(each["id"], len(each["nodes"])) for each in Axe().run(page).response["violations"]]
    context.close()
    assert found == []


def test_the_keyboard_reaches_the_content_first(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + BERT)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search models")).to_be_focused()
