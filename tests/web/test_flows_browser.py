"""What people do with the pages, one flow a part, in Chromium over real models of the Hub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import hfmrs
from graph import embedded
from hfmrs.build import build
from hfmrs.loading import load_file
from hfmrs.settings import load
from tests.web.conftest import Watched, served, watching
from tools.chromium import EXECUTABLE, SOFTWARE

#: The most downloaded models of July 2024, and the least that makes their pages: a network that learns from some of
#: them, and no sentence transformer.
MODELS = 1_500
SETTINGS = 'heap = "1g"\nnetworks = "gat"\ntrain_limit = 700\ntransformer_limit = 0\nadvise_limit = 0\n'
BERT, ROBERTA = "google-bert/bert-base-uncased", "FacebookAI/roberta-base"
MISTRAL, WHISPER = "mistralai/Mistral-7B-v0.1", "openai/whisper-small"


@pytest.fixture(scope="module")
def site(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages over these models."""
    home = tmp_path_factory.mktemp("real")
    (home / "hfmrs.toml").write_text(SETTINGS, encoding="utf-8")
    settings = load(home)
    with hfmrs.connect(settings, create=True) as database:
        database.prepare("keys")
        rows = shared_data / "hub-2024-07/models.jsonl.zst"
        load_file(database, rows, limit=MODELS, on_progress=lambda *done: None)
        build(database, settings)
    with served(home, tmp_path_factory.mktemp("people")) as address:
        yield address
    embedded.stop(home)


@pytest.fixture
def page(watched: Watched) -> Page:
    """A page in which nothing may go wrong: no error of a script, nothing that the policy forbids, no dialog."""
    return watched.page


def names(page: Page | Locator) -> list[str]:
    return page.locator(".card .name").all_inner_texts()


def searched(page: Page, text: str) -> None:
    box = page.get_by_role("combobox", name="Search models")
    box.fill(text)
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_search(site: str, page: Page) -> None:
    page.goto(site)
    box = page.get_by_role("combobox", name="Search models")
    searched(page, "transcribe speech")  # by meaning: no model says "transcribe"
    expect(page.locator(".card .chips").filter(has_text="automatic-speech-recognition").first).to_be_visible()

    searched(page, "whispr small")
    expect(page.get_by_text("Showing results for")).to_contain_text("whisper small")
    expect(page.locator(".card .name").first).to_have_text(re.compile("whisper-small"))

    facets = page.get_by_role("complementary", name="Narrow down")
    searched(page, "bert")
    facets.get_by_role("region", name="Task").get_by_role("link", name=re.compile("^fill-mask")).click()
    expect(box).to_have_value("bert task:fill-mask")
    facets.get_by_role("region", name="Licence").get_by_role("link", name=re.compile("^mit")).click()
    expect(box).to_have_value("bert task:fill-mask license:mit")
    chips = page.locator(".card .chips")
    expect(chips.first).to_be_visible()
    assert all("fill-mask" in each and "mit" in each.split() for each in chips.all_inner_texts())

    searched(page, "license:mit")
    for title, field in (("Downloads", "downloads"), ("Likes", "likes"), ("Newest", "newest")):
        before = names(page)
        page.get_by_role("navigation", name="Sort by").get_by_role("link", name=title).click()
        expect(page).to_have_url(re.compile(f"sort={field}"))
        assert names(page) != before or field == "downloads"
    counts = [int(each.replace(",", "")) for each in page.locator(".heading .number").all_inner_texts()]
    assert counts[0] > 50

    searched(page, "mistral 7b instruct gguf")  # quantisations stand under one name
    forms = page.locator("details.forms").first
    forms.locator("summary").click()
    expect(forms.get_by_role("listitem").first).to_be_visible()
    before = len(names(page))
    facets.get_by_role("link", name="Each form by itself").click()
    expect(page).to_have_url(re.compile("forms=1"))
    expect(page.locator("details.forms")).to_have_count(0)
    assert len(names(page)) >= before

    searched(page, "whisper license:wtfpl")
    expect(page.get_by_role("heading", name="Nothing here with these filters")).to_be_visible()
    other = page.locator(".others").get_by_role("link").first
    expect(other).to_contain_text(re.compile(r"under|without"))
    other.press("Enter")
    expect(page.locator(".card").first).to_be_visible()


def test_search_by_keyboard_alone(site: str, page: Page) -> None:
    page.goto(site + "/about")
    keys = page.keyboard
    keys.press("/")
    box = page.get_by_role("combobox", name="Search models")
    expect(box).to_be_focused()
    keys.type("wav2vec task:autom")
    expect(page.get_by_role("option", name="task:automatic-speech-recognition")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(box).to_have_value("wav2vec task:automatic-speech-recognition ")
    keys.press("Enter")
    expect(page.get_by_role("list", name="Filters in use")).to_be_visible()
    first = page.locator(".card .name a").first
    model = first.inner_text()
    for _ in range(80):  # the way to it, through the head and the facets
        keys.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(model)


def test_model_page(site: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{site}/model/{BERT}")
    recommended = page.locator("#recommendations")
    expect(recommended.locator(".rec")).to_have_count(10)
    by_network = names(recommended)
    for name, method in (("Facts (Jaccard)", "jaccard"), ("Text (cosine)", "cosine"), ("Attention (GAT)", "gat")):
        recommended.get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(f"method={method}"))
        expect(recommended.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
        assert (names(recommended) == by_network) == (method == "gat")

    recommended.get_by_label("Permissive licence").check()  # and the next before the answer is there
    recommended.get_by_label("Size").select_option("At most 3 B")
    expect(page).to_have_url(re.compile(r"(?=.*permissive=1)(?=.*max_parameters=3000000000)"))
    watched.troubles.clear()  # htmx tells that the newer request took the place of the first one
    page.goto(f"{site}/model/{BERT}?permissive=1&k=5")
    expect(recommended.get_by_label("Permissive licence")).to_be_checked()
    licences = recommended.locator(".rec .k-license").all_inner_texts()
    assert licences
    assert {*licences} <= {"apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0"}

    card = recommended.locator(".rec").first
    card.get_by_role("link", name="All reasons, drawn").click()
    expect(card.locator(".drawing svg.wide")).to_be_visible()
    sentence = card.locator("details.reason:has(.path)").first
    sentence.locator("summary").click()
    expect(sentence.locator(".path")).to_be_visible()

    page.goto(f"{site}/model/{MISTRAL}")
    family = page.get_by_role("region", name="Family")
    family.get_by_role("link", name=re.compile("^Fine-tunes")).click()
    expect(family.locator("details.opened .tree > li").first).to_be_visible()
    page.get_by_role("region", name="Facts").get_by_role("link", name=re.compile("Cypher")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask the graph in Cypher")
    expect(page.locator(".answer tbody tr")).to_have_count(1)
    expect(page.locator(".answer tbody")).to_contain_text(MISTRAL)


def test_compare(site: str, page: Page) -> None:
    page.goto(f"{site}/model/{BERT}")
    page.locator(".rec").first.get_by_role("link", name=re.compile("^Compare with")).click()
    expect(page.locator("table.compared thead th")).to_have_count(2)
    page.goto(f"{site}/compare?a={BERT}&b={ROBERTA}&c={WHISPER}")
    expect(page.locator("table.compared thead th")).to_have_count(3)
    expect(page.get_by_role("row", name=re.compile("^Task"))).to_contain_text("differs")
    expect(page.locator(".place .standing")).to_have_count(6)
    expect(page.locator("main")).to_contain_text("it is for another sort of task")
    page.get_by_role("link", name=f"without {WHISPER}").click()
    expect(page.locator("table.compared thead th")).to_have_count(2)
    expect(page.get_by_role("row", name=re.compile("^Task"))).not_to_contain_text("differs")


def test_map(site: str, browser: Browser) -> None:
    drawing = browser.browser_type.launch(executable_path=EXECUTABLE, args=list(SOFTWARE))
    with watching(drawing) as found:
        page = found.page
        page.goto(site + "/map")
        expect(page.locator("#stage[data-here=all]")).to_be_visible()
        expect(page.locator(".lead .number").first).to_have_text(f"{MODELS:,}")
        expect(page.locator(".labels span:not(.away)").first).to_be_visible()
        page.get_by_role("searchbox", name="Find models on the map").fill("whisper")
        page.keyboard.press("Enter")
        region = page.get_by_role("region", name="Found")
        expect(region.get_by_role("link", name=WHISPER, exact=True)).to_be_visible()
        expect(page.locator("#map-said")).to_contain_text("marked")
        expect(page).to_have_url(re.compile(r"/map\?q=whisper"))
    drawing.close()


def test_from_a_chart_to_its_search(site: str, page: Page) -> None:
    page.goto(site)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Explore").click()
    expect(page.get_by_role("img", name="The models by UMAP")).to_be_visible()
    bar = page.get_by_role("region", name="Licences").get_by_role("listitem").first
    licence, count = bar.get_by_role("link").inner_text(), bar.locator(".number").inner_text()
    bar.get_by_role("link").click()
    expect(page.get_by_role("list", name="Filters in use")).to_contain_text(licence)
    expect(page.locator(".heading .number").first).to_have_text(count)


@pytest.mark.parametrize(
    ("path", "word", "leads"),
    [
        ("/task/automatic-speech-recognition", "Task", "whisper"),
        ("/library/sentence-transformers", "Library", "sentence-transformers/all-MiniLM-L6-v2"),
        ("/dataset/ILSVRC/imagenet-1k", "Dataset", "timm/"),
    ],
)
def test_page_of_a_kind(site: str, page: Page, path: str, word: str, leads: str) -> None:
    page.goto(site + path)
    expect(page.locator(".kind-word")).to_have_text(word)
    used = page.get_by_role("region", name="Most used")
    shown = used.get_by_role("link").filter(has_text=leads).first
    model = shown.inner_text()
    page.get_by_role("region", name="What goes with it").locator(".bars a").first.click()
    expect(page.get_by_role("list", name="Filters in use").get_by_role("listitem").nth(1)).to_be_visible()
    page.go_back()
    shown.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(model)


def test_from_a_month_of_a_kind_to_its_search(site: str, page: Page) -> None:
    page.goto(f"{site}/task/fill-mask")
    grows = page.get_by_role("region", name="How it grows")
    expect(grows.get_by_role("img", name="Share of all models")).to_be_visible()
    grows.get_by_text("The numbers").click()
    row = grows.get_by_role("row").nth(1)
    month, models = (row.get_by_role("cell").nth(place).inner_text() for place in (0, 1))
    row.get_by_role("link").click()
    expect(page.get_by_role("list", name="Filters in use")).to_contain_text(month)
    expect(page.locator(".heading .number").first).to_have_text(models)
    page.goto(f"{site}/author/openai")
    expect(page.get_by_role("region", name="How it grows").get_by_role("group").first).to_be_visible()


def test_page_of_an_author(site: str, page: Page) -> None:
    page.goto(f"{site}/model/{WHISPER}")
    page.get_by_role("heading", level=1).get_by_role("link", name="openai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("openai")
    expect(page.get_by_role("complementary", name="Published models").get_by_role("link").first).to_be_visible()
    expect(page.locator(".rec")).to_have_count(10)
    assert not any(each.startswith("openai/") for each in names(page))


def test_for_you(site: str, page: Page, tmp_path: Path) -> None:
    page.goto(site)
    page.get_by_role("link", name="For you", exact=True).click()
    picks = page.locator(".pick")
    picked = [picks.nth(n).locator("bdi").inner_text() for n in range(3)]
    for n in range(3):
        picks.nth(n).click()
    page.get_by_role("button", name="Show what suits me").click()
    expect(page.locator(".rec")).to_have_count(10)
    expect(page.locator(".rec .sentence").first).to_contain_text("Because you liked")
    before = names(page)
    page.locator(".rec").first.get_by_role("button", name=re.compile("^Like")).click()
    expect(page.locator("#origins")).to_contain_text(before[0])
    expect(page.locator(".rec .name").filter(has_text=re.compile(f"^{re.escape(before[0])}$"))).to_have_count(0)
    assert names(page) != before

    searched(page, "german language:de")
    page.get_by_role("link", name="Save this search").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(site + "/you/data")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download as JSON").click()
    started.value.save_as(tmp_path / "you.json")
    kept = json.loads((tmp_path / "you.json").read_text(encoding="utf-8"))
    assert {each["id"] for each in kept["likes"]} == {*picked, before[0]}
    assert len(kept["searches"]) == 1

    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Delete everything").click()
    page.wait_for_url(site + "/")
    page.get_by_role("link", name="For you", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin with models you know")


def test_api_page(site: str, page: Page) -> None:
    page.goto(site)
    page.get_by_role("link", name="API", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The API")
    whole = page.get_by_role("region", name="GET /api/v1/why", exact=True)
    whole.get_by_text("Example answer").click()
    expect(whole.get_by_label("Example answer")).to_contain_text('"recommendations"')
    command = whole.get_by_label("Example", exact=True).inner_text()
    address = re.findall(r"curl '([^']+)'", command)[0]
    answer = page.request.get(address)  # what the page shows is what the server answers
    assert answer.json()["recommendations"][0]["reasons"]
