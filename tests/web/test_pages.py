"""The pages over the built sample, as any client without scripts gets them."""

from __future__ import annotations

import csv
import io
import re
import statistics
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from graph.database import Database
from graph.load import load_models
from graph.types import ModelRecord
from web import WebSettings, create_app

BERT = "/model/google-bert/bert-base-uncased"
PAGES = (
    "/",
    "/search",
    "/search?q=sentence+similarity+in+German&task=sentence-similarity&sort=downloads&page=1",
    "/search?q=zzzzqqqq&license=nothing",
    "/search?q=bert+kind:original+size:<1B+card:yes&forms=1&sort=trending",
    "/search?q=whispr",
    "/search?q=tusk:fill-mask",
    BERT,
    BERT + "?method=jaccard&k=5&sort=likes&permissive=1&max_parameters=1000000000",
    BERT + "?novelty=0.3",
    "/model/openai/whisper-small/family",
    BERT + "/methods?k=5",
    "/together?id=google-bert/bert-base-uncased&id=openai/whisper-small",
    "/compare",
    "/compare?a=google-bert/bert-base-uncased&b=FacebookAI/roberta-base&c=openai/whisper-small",
    "/author/google-bert",
    "/author/google-bert?novelty=-1",
    "/why?a=google-bert/bert-base-uncased&b=FacebookAI/roberta-base",
    "/query",
    "/query?cypher=MATCH+(t:Task)+RETURN+t.name+LIMIT+3",
    "/explore",
    "/about",
    "/api/docs",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_safely(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert {tag for tag in re.findall(r"<script[^>]*>", response.text) if f'nonce="{nonce[1]}"' not in tag} == set()
    assert not re.search(r"<[^>]+ (style|on\w+)=", response.text)
    assert "http://" not in re.sub(r"http://(localhost|www.w3.org)", "", response.text.split("</head>")[0])
    assert response.text.count("<h1") == 1
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("address", PAGES)
def test_every_link_leads_somewhere(client: FlaskClient, address: str) -> None:
    links = {unescape(link) for link in re.findall(r'href="([^"#]+)"', client.get(address).text)}
    own = sorted(link for link in links if link.startswith("/") and not link.startswith("/query?"))
    assert len(own) > 5
    for link in own[:: max(1, len(own) // 25)]:
        assert client.get(link, follow_redirects=True).status_code == 200, link


def test_a_search_narrows_and_widens_by_its_links(client: FlaskClient) -> None:
    page = client.get("/search?q=speech+recognition").text
    link = 'href="/search?q=speech%20recognition%20task%3Aautomatic-speech-recognition"'
    assert link in page
    for address in (link[6:-1], "/search?q=speech+recognition&task=automatic-speech-recognition"):  # now and formerly
        narrowed = client.get(address).text
        assert "Filters in use" in narrowed
        assert 'value="speech recognition task:automatic-speech-recognition"' in narrowed
        assert 'href="/search?q=speech%20recognition"' in narrowed


def test_a_query_that_cannot_be_read_says_why(client: FlaskClient) -> None:
    page = client.get("/search?q=tusk:fill-mask+bert").text
    assert "There is no field tusk:; known are task, library" in page
    assert 'href="/search?q=task:fill-mask+bert"' in page


def test_a_mistyped_word_is_said(client: FlaskClient) -> None:
    page = client.get("/search?q=whispr+kind:original").text
    assert "Showing results for" in page
    literal = "/search?q=whispr%20kind%3Aoriginal&literal=1"
    assert f'href="{unescape(literal).replace("&", "&amp;")}"' in page
    assert "Showing results for" not in client.get(literal).text


def test_nothing_found_offers_what_there_is(client: FlaskClient) -> None:
    page = client.get("/search?q=task:automatic-speech-recognition+library:diffusers").text
    offered = re.search(r"Nothing of\s+<bdi>diffusers</bdi>;.*?</li>", page, re.S)
    assert offered
    link, count = re.search(  # type: ignore[misc]
        r'href="([^"]*)"><span class="number">(\d+)</span> of <bdi>transformers', offered[0]
    ).groups()
    assert f'<span class="number">{count}</span> model' in client.get(unescape(link)).text


def test_suggestions_show_hostile_text_as_text(client: FlaskClient) -> None:
    for text in ("<img src=x onerror=alert(1)> task:te", "\u202e<b> lang", '" onfocus=alert(1) task:fi'):
        page = client.get("/search/suggestions", query_string={"q": text})
        assert page.status_code == 200
        options = re.findall(r"<li[^>]*>", page.text)
        assert options
        assert [each for each in options if not re.fullmatch(r'<li role="option" data-say="[^"<>]*">', each)] == []
        assert not re.search(r"<img|<b>|>[^<]*\u202e", page.text)


def test_an_old_id_leads_to_the_new_page(client: FlaskClient) -> None:
    response = client.get("/model/bert-base-uncased")
    assert response.status_code == 302
    assert response.location.startswith(BERT)
    assert "You asked for" in client.get(response.location).text


def test_an_unknown_model_gets_suggestions(client: FlaskClient) -> None:
    response = client.get("/model/google/bert-base-uncasedd")
    assert response.status_code == 404
    assert "Did you mean" in response.text
    assert BERT in response.text


@pytest.mark.parametrize("path", [BERT, "/author/google-bert"])
def test_the_address_holds_how_popular_things_shall_be(client: FlaskClient, path: str) -> None:
    def chosen(page: str) -> list[str]:
        select = page[page.index('id="novelty"') : page.index("</select>", page.index('id="novelty"'))]
        return re.findall(r"<option[^>]* selected>([^<]*)<", select)

    plain, gems = client.get(path).text, client.get(path + "?novelty=1").text
    assert (chosen(plain), chosen(gems)) == (["Balanced"], ["Hidden gems"])
    assert chosen(client.get(path + "?novelty=0.3").text) == ["0.3"]
    assert chosen(client.get(path + "?novelty=7").text) == ["Balanced"]
    assert "It is used by" in gems
    assert "It is used by" not in plain
    json_address = unescape(re.search(r'href="(/api/[^"]*)">(?:T|t)he same as JSON', gems)[1])  # type: ignore[index]
    for each in client.get(json_address).get_json()["recommendations"]:
        assert each["id"].split("/")[-1] in gems


def test_what_is_in_service_is_said_with_its_measures(client: FlaskClient) -> None:
    page = client.get("/about").text
    assert page.count('class="spark') == 2
    table = page[page.index("<table") : page.index("</table>")]
    assert [name for name in ("Attention (GAT)", "Convolution (GCN)", "Popularity") if name not in table] == []
    assert table.count("<strong>") >= table.count("<tr>") - 2


def test_a_statement_runs_with_its_parameters_and_downloads(client: FlaskClient) -> None:
    query = {
        "cypher": "MATCH (m:Model {id: $id}) RETURN m.id AS id, m.likes AS likes",
        "p_id": "google-bert/bert-base-uncased",
    }
    page = client.get("/query", query_string=query)
    assert "<bdi>google-bert/bert-base-uncased</bdi>" in page.text
    rows = list(csv.reader(io.StringIO(client.get("/query.csv", query_string=query).text)))
    assert rows[0] == ["id", "likes"]
    body = client.get("/query.json", query_string=query).get_json()
    assert [str(value) for value in body["rows"][0]] == rows[1]


def test_a_date_in_the_form_of_a_documented_statement_is_a_date(client: FlaskClient) -> None:
    query = {"name": "analysis/new_favourites", "p_since": "2024-07-01", "p_limit": "3"}
    rows = client.get("/query.json", query_string=query).get_json()["rows"]
    assert len(rows) == 3
    page = client.get("/query", query_string={**query, "p_since": "soon"})
    assert page.status_code == 422
    assert "is no date" in page.text


def test_every_documented_statement_is_in_the_catalogue_and_fills_the_form(client: FlaskClient) -> None:
    links = [unescape(each) for each in re.findall(r'href="(/query\?name=[^"]+)"', client.get("/query").text)]
    assert len(links) > 10
    for link in links:
        page = client.get(link)
        assert page.status_code == 200
        assert "<textarea" in page.text


def test_a_mistake_in_a_statement_is_one_sentence(client: FlaskClient) -> None:
    page = client.get("/query", query_string={"cypher": "MATCH (n RETURN n"})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "Traceback" not in page.text
    assert client.get("/query", query_string={"cypher": "MATCH (n) DETACH DELETE n"}).status_code == 403


def test_a_link_from_another_site_runs_nothing(client: FlaskClient) -> None:
    query = {"cypher": "MATCH (t:Task) RETURN t.name AS task"}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    page = client.get("/query", query_string=query, headers=elsewhere)
    assert "press Run" in page.text
    assert "<table" not in page.text
    assert client.get("/query.csv", query_string=query, headers=elsewhere).status_code == 422


def test_static_files_are_kept_for_good_and_sent_packed(client: FlaskClient) -> None:
    for link in re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text):
        response = client.get(link, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Content-Encoding"] == "gzip"
    assert client.get("/static/x/../../settings.py").status_code == 404
    assert client.get("/static/x/vendor/README.md").status_code == 404
    assert client.get("/static/old/base.css").headers["Cache-Control"] == "no-cache"


def test_a_model_page_is_quick(client: FlaskClient) -> None:
    client.get(BERT)
    seconds = []
    for _ in range(15):
        start = time.perf_counter()
        assert client.get(BERT).status_code == 200
        seconds.append(time.perf_counter() - start)
    assert statistics.median(seconds) < 0.05


HOSTILE = (
    ModelRecord("evil/<img src=x onerror=alert(1)>", author="evil", description="<script>alert(2)</script>{{ 7 * 7 }}"),
    ModelRecord('evil/"onmouseover="alert(3)', author="evil", task="<b>task</b>", tags=("javascript:alert(4)", "'")),
    ModelRecord("evil/\u202etxt.exe\u200b", author="evil", license="</script><script>alert(5)</script>"),
    ModelRecord("evil/" + "very-long-" * 19, author="evil"),
)


@pytest.fixture
def hostile(db: Database, embedded_home: Path) -> FlaskClient:
    load_models(db, HOSTILE)
    uri = None if db.engine.name == "arcadedb" else db.uri
    return create_app(WebSettings(embedded_home, uri, database=db.name, rate_limit="")).test_client()


def test_hostile_names_stay_text(hostile: FlaskClient) -> None:
    from web.text import model_path

    pages = [
        "/",
        "/search",
        "/search?q=%22%3E%3Cscript%3Ealert(6)%3C/script%3E",
        "/author/evil",
        "/query?cypher=MATCH+(m:Model)+RETURN+m",
    ]
    own = [model_path(each.id) for each in HOSTILE]
    own += [f"{path}/{part}" for path in own for part in ("family", "methods")]
    own += [path.replace("/model/", "/badge/", 1) + ".svg" for path in own[: len(HOSTILE)]]
    pair = urlencode({"a": HOSTILE[0].id, "b": HOSTILE[1].id})
    for address in [*pages, *own, f"/compare?{pair}", f"/together?{pair.replace('a=', 'id=').replace('b=', 'id=')}"]:
        text = hostile.get(address).text
        text = text.replace('<img src="/badge/', "")
        assert not re.search(r"<(img|b)\b|<script>|\"onmouseover|\u202e|\u200b|href=\"javascript", text), address
        shown = re.sub(r'nonce="[^"]*"|/static/\w+/', "", text)  # random letters and digits
        assert "{{ 7 * 7 }}" in shown or "49" not in shown


def test_a_graph_that_is_not_built_says_what_to_do(hostile: FlaskClient) -> None:
    from web.text import model_path

    page = hostile.get(model_path(HOSTILE[1].id) + "?method=gat")
    assert page.status_code == 200
    assert "hfmrs build" in page.text
    answer = hostile.get("/api/v1/recommendations", query_string={"id": HOSTILE[1].id, "method": "gat"})
    assert answer.status_code == 409


def test_hostile_names_run_nothing_in_a_browser(
    db: Database, embedded_home: Path, serve_here: Callable[..., str], watched: object
) -> None:
    from web.text import model_path

    load_models(db, HOSTILE)
    uri = None if db.engine.name == "arcadedb" else db.uri
    address = serve_here(create_app(WebSettings(embedded_home, uri, database=db.name, rate_limit="")))
    page = watched.page  # type: ignore[attr-defined]
    for path in ["/search", "/author/evil", *(model_path(each.id) for each in HOSTILE)]:
        page.goto(address + path, wait_until="networkidle")
        assert page.locator("main img:not([src^='/badge/']), main b:not(.score b)").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
