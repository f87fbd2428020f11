"""Every address that the application answers to a browser: what each answer carries, and that no name in a graph or of
a collection does harm, whoever chose it. An address that is new fails here until it is listed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import numpy as np
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from etl import describe, similar
from graph.database import Database
from graph.load import load_models
from graph.text import DIMENSIONS
from tests.web import hostile_names
from tests.web.conftest import Watched
from tests.web.provider import SECRET, Provider
from tests.web.test_you import Someone
from web import WebSettings, create_app
from web.account import LOCAL

_NODES = "MATCH (m:Model)-[r]-(n) RETURN m, type(r) AS link, n, m.id AS id, m.downloads AS downloads LIMIT 60"
_PATHS = "MATCH path = (:Model {id: $id})-[]->() RETURN path LIMIT 30"
_BARS = "MATCH (m:Model) RETURN m.id AS id, m.downloads AS downloads ORDER BY downloads DESC LIMIT 20"
_ASK = "cypher=" + quote(_NODES)

#: By endpoint: addresses with names to be filled in, one for each thing that they show.
ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "pages.home": ("/",),
    "pages.search": (
        "/search",
        "/search?q={word}&sort=downloads",
        "/search?q={word}+task:nothing",
        "/search?task={task}&library={library}&license={license}",
        "/search?q={model}",
    ),
    "pages.suggestions": ("/search/suggestions?q={word}", "/search/suggestions?q=task:{task}"),
    "pages.model": ("/model/{model}", "/model/{model}?method=jaccard&k=5", "/model/{base}", "/model/no/such-{word}"),
    "around.family": ("/model/{base}/family", "/model/{model}/family"),
    "around.by_method": ("/model/{model}/methods",),
    "around.together": ("/together", "/together?id={model}&id={base}"),
    "around.compare": ("/compare", "/compare?a={model}&b={base}", "/compare?a=no-{word}&b={base}"),
    "around.badge": ("/badge/{model}.svg", "/badge/no/such-{word}.svg"),
    "pages.author": ("/author/{author}", "/author/no-{word}"),
    "pages.kind": (
        "/task/{task}",
        "/library/{library}",
        "/license/{license}",
        "/language/{language}",
        "/dataset/{dataset}",
        "/task/no-{word}",
    ),
    "pages.why": ("/why?a={model}&b={base}&method=jaccard", "/why?a={model}&b={base}&method=cosine&language=de"),
    "pages.explore": ("/explore",),
    "pages.about": ("/about",),
    "pages.api_docs": ("/api/docs",),
    "pages.robots": ("/robots.txt",),
    "map.index": ("/map", "/map?q={word}"),
    "map.points": ("/map/tiles/{map}/0",),
    "map.names": ("/map/names/{map}/0/0",),
    "map.drawing": ("/map/picture.svg",),
    "console.query": (
        "/query",
        f"/query?{_ASK}",
        f"/query?{_ASK}&view=graph",
        f"/query?cypher={quote(_PATHS)}&p_id={{model}}&view=graph",
        f"/query?cypher={quote(_BARS)}&view=chart",
        "/query?cypher=RETURN+$x&p_x={word}&find={word}",
        "/query?cypher=MATCH+({word}",
    ),
    "console.fields": ("/query/fields?cypher=RETURN+$x&p_x={word}",),
    "console.csv_file": (f"/query.csv?{_ASK}",),
    "console.json_file": (f"/query.json?{_ASK}",),
    "console.schema_json": ("/query/schema.json",),
    "you.index": ("/you", "/you?task={task}"),
    "you.new": ("/you/new",),
    "you.marks": ("/you/marks?model={model}&whole={model}&next=/model/{model}",),
    "you.collections": ("/you/collections",),
    "you.collection": ("/you/collections/{collection}", "/you/collections/no-{word}"),
    "you.keep": ("/you/keep?model={model}", "/you/keep?model=no-{word}"),
    "you.name_search": ("/you/searches/new?query=q%3D{word}",),
    "you.data": ("/you/data",),
    "you.export": ("/you/data.json",),
    "signin.begin": ("/sign-in?next=/model/{model}",),
    "signin.done": ("/sign-in/done?error={word}&error_description={word}&state={word}",),
    "asset_file": ("/static/x/base.css", "/static/x/map.js", "/static/x/{word}.js"),
}
#: What holds names as data, for programs; other answers are to be looked at.
DATA = {"console.json_file", "you.export", "map.names", "map.points"}
#: Names of the sample.
SAMPLE = {
    "model": "sentence-transformers/all-MiniLM-L6-v2",
    "base": "google-bert/bert-base-uncased",
    "author": "google-bert",
    "task": "fill-mask",
    "library": "transformers",
    "license": "mit",
    "language": "de",
    "dataset": "legacy-datasets/wikipedia",
    "word": "bert",
}


def filled(endpoint: str, names: Mapping[str, str]) -> list[str]:
    """Its addresses with these names in them."""
    return [
        each.format_map({key: quote(name, safe="/") for key, name in names.items()}) for each in ADDRESSES[endpoint]
    ]


def test_every_address_is_listed(app: APIFlask) -> None:
    """Those of the API are listed by its description, which Schemathesis goes through."""
    described = app.test_client().get("/api/openapi.json").get_json()["paths"]
    there = {each.endpoint for each in app.url_map.iter_rules() if "GET" in (each.methods or ())}
    programs = {each.endpoint for each in app.url_map.iter_rules() if each.rule.startswith("/api/v1/")}
    assert there - programs - {"openapi.spec"} == set(ADDRESSES)
    plain = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each.rule) for each in app.url_map.iter_rules()}
    assert {each for each in plain if each.startswith("/api/v1/")} == set(described)


# What every answer carries.


def _map_of(client: FlaskClient) -> str:
    return str(client.get("/api/v1/map").get_json()["version"])


@pytest.fixture
def visitors(shared_app: APIFlask, provider: Provider) -> tuple[FlaskClient, FlaskClient, dict[str, str]]:
    """Somebody who is signed in, somebody who is not, and names of the sample."""
    ada, nobody = Someone(shared_app, provider, "ada"), shared_app.test_client()
    made = ada.api("POST", "/collections", 201, json={"name": "Mine"})
    ada.api("PUT", "/likes/openai/whisper-small")
    names = SAMPLE | {"collection": made["id"], "map": _map_of(nobody)}
    return ada.client, nobody, names


def test_every_answer_carries_what_keeps_it_harmless(
    visitors: tuple[FlaskClient, FlaskClient, dict[str, str]],
) -> None:
    *clients, names = visitors
    for endpoint in ADDRESSES:
        for address in filled(endpoint, names):
            for client in clients:
                answer = client.get(address)
                headers = answer.headers
                assert answer.status_code < 500 or endpoint == "signin.begin", (address, answer.text)
                policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
                assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", address
                assert policy["form-action"] == "'self'", address
                assert not re.search(r"unsafe|\*|https?:|data:", str(policy)), address
                nonce = re.fullmatch(r"'nonce-([\w-]{20,})'", policy["script-src"])
                assert nonce or policy["script-src"] == "'none'", address
                scripts = set(re.findall(r"<script[^>]*>", answer.get_data().decode("utf-8", "replace")))
                assert all(nonce and f'nonce="{nonce[1]}"' in each for each in scripts), address
                assert headers["X-Content-Type-Options"] == "nosniff", address
                assert headers["Referrer-Policy"] == "same-origin", address
                assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
                assert headers["Cross-Origin-Resource-Policy"] == (
                    "cross-origin" if endpoint == "around.badge" else "same-origin"
                )
                for cookie in headers.getlist("Set-Cookie"):
                    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), address
                personal = endpoint.startswith(("you.", "signin."))
                assert personal or "Set-Cookie" not in headers, address
                assert (headers.get("Cache-Control") == "private, no-store") == personal, address
                assert "Cookie" in headers.get("Vary", "") or not personal, address
                if answer.mimetype == "text/html":  # parts of a page have its address
                    assert {"HX-Request", "HX-Target"} <= {
                        each.strip() for each in headers.get("Vary", "").split(",")
                    }, address
                assert not answer.location or answer.location.startswith(
                    ("/", names.get("provider", "http://127.0.0.1"))
                ), address


@pytest.mark.parametrize("name", ["model_id", "endpoint", "_external", "_scheme", "_anchor", "_method", "next", "from"])
def test_an_old_address_leads_on_whatever_else_it_says(client: FlaskClient, name: str) -> None:
    for path in ("/model/bert-base-uncased", "/model/bert-base-uncased/family", "/model/bert-base-uncased/methods"):
        answer = client.get(f"{path}?{name}=https://evil.example&k=3")
        assert answer.status_code == 302
        assert answer.location.startswith(path.replace("bert-base", "google-bert/bert-base") + "?")
        assert "k=3" in answer.location
        assert client.get(answer.location).status_code == 200
    answer = client.get(f"/together?id=openai/whisper-small&{name}=https://evil.example")
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/model/openai/whisper-small")


@pytest.mark.parametrize(
    "deep", ["[" * 30_000 + "]" * 30_000, "[" * 900 + "]" * 900, "9" * 5_000, '"' + "x" * 70_000 + '"']
)
def test_what_cannot_be_read_is_no_fault_of_ours(client: FlaskClient, deep: str) -> None:
    for path, body in (
        ("/api/v1/query", f'{{"cypher": "RETURN $x AS x", "params": {{"x": {deep}}}}}'),
        ("/api/v1/recommendations", f'{{"liked": {deep}}}'),
        ("/api/v1/me/collections", f'{{"name": {deep}}}'),
    ):
        answer = client.post(path, data=body, content_type="application/json")
        assert answer.status_code in (400, 403, 413, 422), answer.text
        assert answer.mimetype == "application/problem+json"
    assert client.get("/query", query_string={"cypher": "RETURN $x AS x", "p_x": deep[:6_000]}).status_code in (
        200,
        422,
    )


def test_an_answer_that_is_nested_too_deep_is_refused(client: FlaskClient) -> None:
    for depth in (200, 2_000):
        body = {"cypher": f"RETURN reduce(x = [], i IN range(1, {depth}) | [x]) AS x"}
        answer = client.post("/api/v1/query", json=body)
        assert answer.status_code == 422, answer.text


@pytest.fixture(scope="module")
def hostile(module_db: Database, embedded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[APIFlask]:
    """An application over a graph of such names, described and with a map, for one person who has such collections."""
    records = hostile_names.records()
    load_models(module_db, records)
    random = np.random.default_rng(0)
    vectors = np.repeat(random.normal(size=(2, DIMENSIONS)), [12, len(records) - 12], axis=0)
    vectors += 0.1 * random.normal(size=vectors.shape)
    module_db.write_rows(
        "embed/model",
        [
            {"key": each.id, "vector": v.tolist(), "hash": str(n)}
            for n, (each, v) in enumerate(zip(records, vectors, strict=True))
        ],
    )
    similar.run(module_db, small=0)
    describe.run(module_db, embedded_home)
    uri = None if module_db.engine.name == "arcadedb" else module_db.uri
    store = f"sqlite:///{tmp_path_factory.mktemp('store') / 'people.sqlite'}"
    app = create_app(
        WebSettings(
            embedded_home, uri, database=module_db.name, rate_limit="", people="local", store=store, secret_key=SECRET
        )
    )
    app.testing = True
    yield app
    app.extensions["people"].store.connections.close()
    app.extensions["hfmrs"].close()
    shutil.rmtree(embedded_home / "map", ignore_errors=True)


@pytest.fixture(scope="module")
def evil_names(hostile: APIFlask) -> dict[str, str]:
    store = hostile.extensions["people"].store
    me = store.meet(*LOCAL, "You").id
    store.change(me, hub_name=hostile_names.NAMES["author"], keeps_views=True)
    store.mark(me, hostile_names.NAMES["base"], "like")
    made = store.shelves.make(me, hostile_names.EVIL)
    store.shelves.put(me, made.id, hostile_names.NAMES["model"])
    store.shelves.save(me, hostile_names.EVIL, "q=" + quote(hostile_names.EVIL))
    return hostile_names.NAMES | {"collection": made.id, "map": _map_of(hostile.test_client())}


#: Statuses other than 200, or 404 for what is not there.
EXPECTED: Mapping[str, tuple[int, ...]] = {
    "console.query": (200, 422),
    "asset_file": (200, 404),
    "signin.begin": (404,),
    "signin.done": (404,),
}
#: A character that hides or turns others, and a template that was run.
HIDDEN = re.compile(f"[\u202e\u200b]|{7777 * 7777}")
#: At the beginning of a cell.
FORMULA = re.compile(r'(?:^|,)"?=', re.M)
#: Where a name may stand as it is, since nobody sees it: what a form or a script sends back.
UNSEEN = re.compile("value|id|data-.+|hx-vals")


class Seen(HTMLParser):
    """What a page makes of a name: `harm`, an element or a script of the name's own, or what hides in what is read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.harm: list[str] = []
        self._unseen = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("script", "textarea")
        for name, value in attributes:
            address = name in ("href", "src", "action") and (value or "").startswith(("javascript:", "data:", "//"))
            hidden = not UNSEEN.fullmatch(name) and HIDDEN.search(value or "")
            if name.startswith("on") or address or hidden or (name, value) == ("src", "x"):
                self.harm.append(f"<{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("script", "textarea")

    def handle_data(self, data: str) -> None:
        if not self._unseen and HIDDEN.search(data):
            self.harm.append(data)


def test_hostile_names_stay_text_everywhere(hostile: APIFlask, evil_names: dict[str, str]) -> None:
    client, shown = hostile.test_client(), set[str]()
    wrong: list[tuple[str, Any]] = []
    for endpoint in ADDRESSES:
        for address in filled(endpoint, evil_names):
            answer = client.get(address)
            if answer.status_code not in EXPECTED.get(endpoint, (404 if re.search("/no/|[/=]no-", address) else 200,)):
                wrong.append((address, answer.status_code))
            if endpoint in DATA:
                assert answer.mimetype in ("application/json", "application/octet-stream")
                continue
            text = answer.get_data().decode("utf-8")
            if answer.mimetype == "image/svg+xml":
                ElementTree.fromstring(text)
            if "&lt;img src=x" in text:
                shown.add(endpoint)
            harm = HIDDEN.findall(text) if answer.mimetype == "text/csv" else Seen(text).harm
            wrong += [(address, each) for each in harm]
            if answer.mimetype == "text/csv" and FORMULA.search(text):
                wrong.append((address, "a formula"))
    assert wrong == []
    named = {each for each in ADDRESSES if each.startswith(("pages.", "around.", "map.index", "you."))}
    assert shown == (named | {"console.query", "console.fields"}) - NAMELESS


#: Pages that show no names of others.
NAMELESS = {"pages.robots", "pages.api_docs", "pages.about", "you.export"}

#: All that a person is shown or told of a page: text, title, and what stands in attributes for reading.
_TOLD = """() => [document.title, document.body.innerText,
  ...[...document.querySelectorAll('[title],[aria-label],[alt],[placeholder],meta[content]')].flatMap(each =>
    ['title', 'aria-label', 'alt', 'placeholder', 'content'].map(name => each.getAttribute(name) || ''))].join('\\n')"""


def test_hostile_names_run_nothing_and_hide_nothing_in_a_browser(
    hostile: APIFlask, evil_names: dict[str, str], serve_here: Callable[[APIFlask], str], watched: Watched
) -> None:
    page, here = watched.page, serve_here(hostile)
    for endpoint in sorted(set(ADDRESSES) - DATA - {"console.csv_file", "signin.begin", "signin.done", "asset_file"}):
        for address in filled(endpoint, evil_names):
            page.goto(here + address, wait_until="load")
            watched.troubles[:] = [
                each for each in watched.troubles if "the server responded with a status of 4" not in each
            ]
            assert watched.troubles == [], address
            assert page.locator("img[src='x'], [onerror], [onmouseover]").count() == 0, address
            told: Any = page.evaluate(_TOLD) if page.evaluate("!!document.body") else ""
            editor = page.locator(".cm-content")
            if editor.count():  # holds what was typed as it is, each such character in a mark of its own
                told = told.replace(typed := editor.inner_text(), "")
                assert page.locator(".sly").count() == len(HIDDEN.findall(typed)), address
            assert not HIDDEN.search(told), (address, told)
            if page.evaluate("document.contentType === 'text/html' && !!document.querySelector('main')"):
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
