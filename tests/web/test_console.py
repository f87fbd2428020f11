"""The Cypher page: over HTTP as pages, files and JSON; in Chromium editor, views and history; without scripts."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from graph.statements import statement
from tests.web.conftest import Watched

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
PATHS = "MATCH path = (:Model {id: $id})-[:BASED_ON*1..3]->(:Model) RETURN path"
TASKS = "MATCH (t:Task) RETURN t.name AS task, t.degree AS models ORDER BY models DESC"
MISTAKE = "MATCH (m:Model)\nWHERE m.id = = 'x'\nRETURN m"


def of(**asked: object) -> str:
    return "/query?" + urlencode(asked)


def editor(page: Page) -> None:
    """Put the cursor into an empty editor."""
    page.get_by_role("textbox", name="Statement", exact=True).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")


# Over HTTP.


def test_the_schema_is_the_databases_own_and_has_an_etag(client: FlaskClient) -> None:
    answer = client.get("/query/schema.json")
    schema = answer.get_json()
    assert {"id", "downloads", "task"} <= set(schema["labels"]["Model"])
    assert sorted(schema["labels"]["Task"]) == ["degree", "growsSince", "growth", "name"]
    assert "relation" in schema["types"]["BASED_ON"]
    assert ["Model", "FOR_TASK", "Task"] in schema["links"]
    again = client.get("/query/schema.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_date_of_a_documented_statement_is_one_for_the_api_too(client: FlaskClient) -> None:
    text = statement("analysis/new_favourites").text
    rows = {}
    for since in ("2024-07-01", "2024-07-01T00:00:00+00:00", "2100-01-01"):
        body = {"cypher": f"// my copy\n{text};", "params": {"since": since, "at_least": 20, "limit": 3}}
        rows[since] = client.post("/api/v1/query", json=body).get_json()["rows"]
    assert len(rows["2024-07-01"]) == 3
    assert rows["2024-07-01"] == rows["2024-07-01T00:00:00+00:00"]
    assert rows["2100-01-01"] == []
    wrong = client.post("/api/v1/query", json={"cypher": text, "params": {"since": "soon", "at_least": 20, "limit": 3}})
    assert (wrong.status_code, "since" in wrong.get_json()["detail"]) == (422, True)


def test_a_date_of_a_free_statement_is_read_by_datetime(client: FlaskClient) -> None:
    cypher = "MATCH (m:Model) WHERE m.createdAt >= datetime($since) RETURN count(*) AS models"
    body = client.get("/query.json", query_string={"cypher": cypher, "p_since": "2024-01-01"}).get_json()
    assert body["rows"][0][0] > 100


def test_a_field_that_is_wrong_is_named_and_nothing_runs(client: FlaskClient) -> None:
    asked = {"cypher": statement("analysis/rising_bases").text, "p_limit": "many"}
    page = client.get("/query", query_string=asked)
    assert page.status_code == 422
    assert "$limit takes a whole number, not &#39;many&#39;." in page.text
    assert re.search(r'id="p_limit"[^>]*aria-describedby="about_limit wrong_limit"[^>]*aria-invalid="true"', page.text)
    assert "<table" not in page.text
    assert client.get("/query.csv", query_string=asked).status_code == 422


def test_a_parameter_of_a_free_statement_is_asked_for(client: FlaskClient) -> None:
    page = client.get(of(cypher="MATCH (m:Model) WHERE m.likes > $likes RETURN m.id"))
    assert page.status_code == 422
    assert "$likes has no value yet." in page.text
    assert 'name="p_likes"' in page.text


def test_the_place_of_a_mistake_is_pointed_to(client: FlaskClient) -> None:
    page = client.get(of(cypher=MISTAKE))
    place = re.search(r'<pre class="place"><span>2</span>(.*)\n<span></span>( *)\^</pre>', page.text)
    assert place is not None
    assert place[1] == "WHERE m.id = = &#39;x&#39;"
    assert len(place[2]) in range(11, 15)  # the engines differ by what they call wrong
    assert 'data-line="2"' in page.text
    unfinished = client.get(of(cypher="MATCH (m:Model)\nRETURN m.id LIMIT"))
    assert '<pre class="place"><span>2</span>RETURN m.id LIMIT' in unfinished.text


def test_the_catalogue_is_searched_in_the_address(client: FlaskClient) -> None:
    page = client.get(of(find="licence merges")).text
    assert re.findall(r'title="(analysis/\w+)"', page) == ["analysis/licence_mixes"]
    assert "No statement has these words" in client.get(of(find="nothing like it")).text


def test_each_view_of_an_answer_has_its_address(client: FlaskClient) -> None:
    asked = {"cypher": PATHS, "p_id": MINILM}
    table = client.get(of(**asked)).text
    assert table.count('class="path"') >= 2
    graph = client.get(of(**asked, view="graph")).text
    assert '<svg class="picture"' in graph
    assert "MiniLM-L6-H384-uncased" in graph
    assert "Nothing to chart" in client.get(of(**asked, view="chart")).text
    assert '<ul class="bars' in client.get(of(cypher=TASKS, view="chart")).text
    assert "Nothing to draw" in client.get(of(cypher=TASKS, view="graph")).text
    for view in ("table", "graph", "chart"):
        assert f"view={view}" in table


def test_a_long_value_is_folded_and_nothing_is_told_from_empty(client: FlaskClient) -> None:
    page = client.get(of(cypher="RETURN $x AS x, null AS none, '' AS empty", p_x="long " * 200)).text
    assert '<details class="long">' in page
    assert page.count('<span class="null">null</span>') == 1


def test_styles_are_only_allowed_where_the_editor_makes_its_own(client: FlaskClient) -> None:
    for address, allowed in (("/query", True), ("/", False)):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert ("style-src 'self' 'nonce-" in policy) is allowed
        assert "unsafe" not in policy


def test_a_name_that_is_not_there_is_told_beside_the_answer(client: FlaskClient) -> None:
    note = "There is no label `Modle`; did you mean Model?"
    asked = {"cypher": "MATCH (m:Modle) RETURN m"}
    assert f'<p class="notice">{note}</p>' in client.get(of(**asked)).text
    assert client.get("/query.json", query_string=asked).get_json()["notes"] == [note]
    assert client.post("/api/v1/query", json=asked).get_json()["notes"] == [note]


def test_what_is_compared_with_a_date_is_one(client: FlaskClient) -> None:
    cypher = "MATCH (m:Model) WHERE m.createdAt >= $since RETURN count(*) AS models"
    page = client.get(of(cypher=cypher, p_since="2024-01-01"))
    assert re.search(r'<input type="date"[^>]*name="p_since"', page.text)
    posted = client.post("/api/v1/query", json={"cypher": cypher, "params": {"since": "2024-01-01"}}).get_json()
    assert posted["rows"][0][0] > 100
    assert client.get(of(cypher=cypher, p_since="soon")).status_code == 422


def test_a_plan_is_shown_as_it_is_drawn(client: FlaskClient) -> None:
    page = client.get(of(cypher="EXPLAIN MATCH (m:Model {id: 'x'}) RETURN m", view="graph"))
    assert re.search(r'<pre class="panel plan scroll"[^>]*>[^<]*Seek', page.text)
    assert 'aria-label="View"' not in page.text


# In a browser.


def test_the_editor_completes_from_the_schema_and_runs(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + "/query")
    editor(page)
    options = page.locator(".cm-tooltip-autocomplete")
    for typed, offered, taken in (
        ("MATCH (m:Mod", "Model", "Model"),
        (" {ta", "task: ", "task"),
        ("'fill-mask'})-[:BASED", "BASED_ON", "BASED_ON"),
        ("]->(b) RETURN m.downl", "downloads", "downloads"),
    ):
        page.keyboard.type(typed)
        expect(options.locator("li[aria-selected]")).to_contain_text(offered.strip(": "))
        page.keyboard.press("Tab")
        expect(options).to_have_count(0)
        expect(page.locator(".cm-content")).to_contain_text(taken)
    page.keyboard.type(" AS downloads LIMIT 3")
    page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#result")).to_contain_text("3 rows")
    expect(page.locator(".cy-label").first).to_have_text("Model")


def test_typing_replaces_the_example_and_a_second_click_goes_into_it(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + "/query")
    field, typed = page.get_by_role("textbox", name="Statement", exact=True), page.locator("#cypher")
    page.get_by_role("link", name="API", exact=True).focus()
    field.focus()
    page.keyboard.type("RETURN 1 / 2 // a slash is no way to the search")
    assert typed.input_value() == "RETURN 1 / 2 // a slash is no way to the search"
    expect(page.get_by_text("This is an example")).to_have_count(0)
    page.goto(address + "/query")
    field.click()
    field.click()
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.type("// mine\n")
    assert typed.input_value().startswith("// mine\nMATCH (m:Model)")


def test_fields_come_as_one_types_and_keep_what_was_filled_in(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + "/query")
    editor(page)
    page.keyboard.type("MATCH (m:Model) WHERE m.likes > $likes")
    page.get_by_label("$likes").fill("100")
    editor(page)
    page.keyboard.type("MATCH (m:Model) RETURN m.id")
    expect(page.locator(".param")).to_have_count(0)
    editor(page)
    page.keyboard.type("MATCH (m:Model) WHERE m.createdAt >= $since AND m.likes > $likes RETURN m.id LIMIT 2 // $none")
    expect(page.get_by_label("$likes")).to_have_value("100")
    expect(page.get_by_role("status")).to_have_text("Fields below the statement: $since, $likes")
    expect(page.locator(".param")).to_have_count(2)
    page.get_by_label("$since").fill("2023-01-01")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result")).to_contain_text("2 rows")
    expect(page).to_have_url(re.compile("p_since=2023-01-01&p_likes=100"))


def test_no_way_to_type_or_to_look_breaks_the_policy(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + "/query")
    editor(page)
    page.keyboard.type("MATCH (m:Mod")
    expect(page.locator(".cm-tooltip-autocomplete")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type(")\nRETURN m.id\nLIMIT 3")
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.type("(")
    assert page.locator("#cypher").input_value().startswith("(MATCH (m:Model)\n)RETURN")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.type("MATCH (m:Model) ")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("MATCH (m:Model)\nRETURN m\nLIMIT 3")
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="Colours").click()
    page.get_by_role("button", name="History").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run").click()
    for view in ("Graph", "Chart", "Table"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute("aria-current", "true")
    for path in (of(cypher=MISTAKE), of(cypher="RETURN $x", p_x=""), of(cypher=TASKS, view="chart")):
        page.goto(address + path)
        page.get_by_role("textbox", name="Statement", exact=True).click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("x")
    watched.troubles[:] = [each for each in watched.troubles if "status of 422" not in each]


def test_what_is_proposed_stays_on_a_phone(address: str, watched: Watched) -> None:
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + "/query")
    editor(page)
    page.keyboard.type("MATCH (m:Model)-[link:")
    box = page.locator(".cm-tooltip-autocomplete").bounding_box()
    assert box is not None
    assert box["x"] >= 8
    assert box["x"] + box["width"] <= 390 - 8


def test_a_tall_drawing_is_shown_whole(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + of(cypher="MATCH (t:Tag) RETURN t LIMIT 60", view="graph"))
    assert page.locator(".canvas").evaluate("e => e.scrollHeight === e.clientHeight && e.clientHeight > 2000")


def test_tab_indents_and_after_escape_leaves(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + "/query")
    editor(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Statement", exact=True)).to_be_focused()
    assert page.locator("#cypher").input_value() == "  "
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()


def test_the_catalogue_is_searched_while_typing(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address + "/query")
    links = page.get_by_role("region", name="Statements").get_by_role("link")
    expect(links.filter(visible=True)).to_have_count(0)
    page.get_by_label("Find a statement").fill("rising bases")
    expect(links.filter(visible=True)).to_have_count(1)
    links.filter(visible=True).click()
    expect(page.locator(".question")).to_contain_text("On which models were most models built since a date?")
    expect(page.get_by_label("$since")).to_have_value("2024-07-01")
    page.get_by_label("$since").fill("2024-01-01")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result")).to_contain_text("row")
    expect(page).to_have_url(re.compile("p_since=2024-01-01"))


def test_history_stays_in_the_browser_and_can_be_deleted(address: str, watched: Watched) -> None:
    page = watched.page
    for asked in ("RETURN 1 AS one", "UNWIND [1, 2] AS n RETURN n"):
        page.goto(address + of(cypher=asked))
    page.get_by_role("link", name="Chart").click()  # another view is no other statement
    page.get_by_role("button", name="History").click()
    items = page.get_by_role("dialog").get_by_role("listitem")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text("2 rows in")
    expect(items.last).to_contain_text("1 row in")
    items.first.get_by_role("button", name="Delete").click()
    expect(items).to_have_count(1)
    items.get_by_role("link").click()
    expect(page.locator(".cm-content")).to_have_text("RETURN 1 AS one")
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="Delete all").click()
    expect(page.get_by_text("Nothing has run yet.")).to_be_visible()
    kept = [{"at": i, "address": f"?cypher={i}", "cypher": "x", "rows": "1", "ms": "1"} for i in range(60)]
    page.evaluate("kept => localStorage.setItem('hfmrs.history', kept)", json.dumps(kept))
    page.reload()
    assert page.evaluate("JSON.parse(localStorage.getItem('hfmrs.history')).length") == 50


def test_a_link_is_copied_and_a_node_leads_to_what_it_holds(address: str, watched: Watched) -> None:
    page = watched.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(address + of(cypher=PATHS, p_id=MINILM, view="graph"))
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    expect(page.locator("#node-1")).to_be_hidden()
    page.locator(".picture a").first.click()
    expect(page.locator("#node-1")).to_be_visible()


def test_a_chart_is_chosen_from_its_columns(address: str, watched: Watched) -> None:
    page = watched.page
    cypher = "MATCH (m:Model) WHERE m.downloads > 1000000 RETURN m.id AS id, m.likes AS likes, m.downloads AS downloads"
    page.goto(address + of(cypher=cypher, view="chart"))
    expect(page.locator(".result .bars li")).to_have_count(40)
    page.get_by_label("Chart").select_option("Points")
    expect(page).to_have_url(re.compile("chart=scatter"))
    expect(page.get_by_role("img", name="Downloads against likes")).to_be_visible()


def test_everything_but_the_editor_works_without_scripts(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/query")
    page.get_by_label("Statement", exact=True).fill("RETURN $number AS n")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("$number has no value yet.")
    page.get_by_label("$number").fill("42")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("table")).to_contain_text("42")
    page.get_by_label("Find a statement").fill("rising bases")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="On which models were most").click()
    page.get_by_label("$limit").fill("4")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result")).to_contain_text("4 rows")
    page.get_by_role("link", name="Chart").click()
    expect(page.locator(".result .bars li")).to_have_count(4)
    expect(page.get_by_role("button", name="History")).to_be_hidden()
    context.close()


PAGES = (
    "/query",
    of(name="analysis/licence_conflicts", find="licence"),
    of(cypher="MATCH (m:Model)-[b:BASED_ON]->() RETURN m, b, m.description, m.createdAt LIMIT 9"),
    of(cypher=PATHS, p_id=MINILM, view="graph"),
    of(cypher=TASKS, view="chart"),
    of(cypher="MATCH (m:Model) RETURN m.id, m.likes, m.downloads LIMIT 50", view="chart", chart="scatter"),
    of(cypher=MISTAKE),
    of(cypher="MATCH (m:Modle) RETURN m"),
    of(cypher="EXPLAIN MATCH (m:Model {id: 'x'})-[:BASED_ON]->(b) RETURN b"),
)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(address: str, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + path)
    expect(page.locator(".cm-content")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found] == []
    for width in (390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_page_is_light_for_what_it_brings(address: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(address + "/query", wait_until="networkidle")
    context.close()
    assert len(sizes) > 8
    assert sum(sizes) < 180_000
