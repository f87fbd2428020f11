"""A family tree that is opened part by part, and a comparison that is put together, in Chromium."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.web.conftest import Watched

MODEL = "/model/openai/whisper-small"


def test_a_tree_opens_where_it_is_pressed_and_keeps_the_focus(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + MODEL)
    family = page.get_by_role("region", name="Family")
    opener = family.get_by_role("link", name=re.compile("Fine-tunes"))
    opener.focus()
    page.keyboard.press("Enter")
    line = family.locator("details.opened > summary").first
    expect(line).to_contain_text("Fine-tunes")
    expect(line).to_be_focused()
    children = family.locator("details.opened .tree > li")
    expect(children.first).to_be_visible()
    expect(page).to_have_url(address + MODEL)
    page.keyboard.press("Enter")
    expect(children.first).not_to_be_visible()
    family.get_by_role("link", name="The whole family").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Family of")


def test_a_tree_is_a_page_without_scripts(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + MODEL)
    page.get_by_role("link", name=re.compile("Fine-tunes")).click()
    expect(page).to_have_url(re.compile(r"/family\?kind=finetune$"))
    expect(page.locator("section .tree.panel > li").first).to_be_visible()
    context.close()


def test_models_are_chosen_from_suggestions_and_compared(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + "/search?q=whisper")
    page.get_by_role("link", name=re.compile("^Compare ")).first.click()
    first = page.get_by_label("First model")
    expect(first).not_to_be_empty()
    second = page.get_by_label("Second model")
    second.press_sequentially("bert-base-unca")
    option = page.get_by_role("option", name="google-bert/bert-base-uncased")
    expect(option).to_be_visible()
    second.press("ArrowDown")
    second.press("Enter")
    expect(second).not_to_have_value("bert-base-unca")
    second.fill("google-bert/bert-base-uncased")
    second.press("Escape")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bert-base-uncased, compared")
    expect(page).to_have_url(re.compile(r"\?a=[^&]+&b=[^&]+$"))
    row = page.get_by_role("row", name=re.compile("^Task"))
    expect(row).to_contain_text("differs")
    expect(page.locator(".place .standing")).to_have_count(2)
    page.get_by_role("link", name="Text (cosine)").click()
    expect(page.locator(".place").first).to_contain_text("Their similarity is")


def test_a_comparison_works_without_scripts(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + MODEL)
    page.get_by_role("link", name=re.compile("^Compare with")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("compared")
    page.get_by_text("Other models").click()
    page.get_by_label("Third model").fill("bert-base-uncased")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("table.compared thead th")).to_have_count(3)
    page.get_by_role("link", name="without google-bert/bert-base-uncased").click()
    expect(page.locator("table.compared thead th")).to_have_count(2)
    context.close()


def test_a_badge_can_be_copied(address: str, watched: Watched) -> None:
    page = watched.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + MODEL)
    page.get_by_text("Badge for your page").click()
    picture = page.get_by_role("img", name="HFMRS: similar models")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.badge img').naturalWidth > 0")
    page.get_by_role("button", name="Copy the Markdown").click()
    expect(page.get_by_role("button", name="Copied the Markdown")).to_be_visible()
    said = page.evaluate("navigator.clipboard.readText()")
    assert said == f"[![HFMRS: similar models]({address}/badge{MODEL[6:]}.svg)]({address}{MODEL}/methods)"
