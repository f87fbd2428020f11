"""Keys, limits, tags, other sites: what holds for every request to the API."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hfmrs.settings import load
from tests.web.test_api import problem
from web import WebSettings, create_app
from web.store import Store

SITE = "https://site.example"
CLIENT = Path(__file__).parents[2] / "docs" / "client.py"


def asset_of(page: str) -> str:
    """The address of the style sheet of a page."""
    return re.findall(r'href="(/static/[^"]*base\.css)"', page)[0]


@pytest.fixture
def limited(built: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    """Three requests a minute, five with a key; one site may read."""
    application = create_app(
        WebSettings(
            built,
            load(built).db or None,
            rate_limit="3 per minute",
            key_rate_limit="5 per minute",
            cors_origins=(SITE,),
            people="local",
            store=f"sqlite:///{tmp_path / 'people.sqlite'}",
        )
    )
    yield application.test_client()
    application.extensions["people"].store.connections.close()
    application.extensions["hfmrs"].close()


def test_a_service_with_a_key_asks_more_often(limited: FlaskClient, tmp_path: Path) -> None:
    keys = Store(tmp_path, f"sqlite:///{tmp_path / 'people.sqlite'}").keys
    key = keys.add("nightly")
    assert key.encode() not in (tmp_path / "people.sqlite").read_bytes()
    own = {"Authorization": f"Bearer {key}"}
    answers = [limited.get("/api/v1/methods", headers=own) for _ in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert answers[0].headers["X-RateLimit-Limit"] == "5"
    assert limited.get("/api/v1/methods").headers["X-RateLimit-Limit"] == "3"
    wrong = limited.get("/api/v1/methods", headers={"Authorization": f"Bearer {key}x"})
    assert problem(wrong, 401)["detail"] == "There is no such key."
    assert wrong.headers["WWW-Authenticate"] == "Bearer"
    keys.remove("nightly")
    problem(limited.get("/api/v1/methods", headers=own), 401)
    problem(limited.get("/api/v1/methods", headers=own), 429)  # wrong keys count for their address


def test_a_network_of_one_subscriber_is_counted_as_one(limited: FlaskClient) -> None:
    def asked(address: str) -> int:
        return limited.get("/api/v1/methods", environ_base={"REMOTE_ADDR": address}).status_code

    assert [asked(f"2001:db8:0:1::{n}") for n in range(4)] == [200] * 3 + [429]
    others = ("2001:db8:0:2::1", "192.0.2.1", *(f"::ffff:192.0.2.{n}" for n in range(2, 7)), "a:b", "")
    assert {asked(each) for each in others} == {200}


def test_an_address_may_have_so_many_pages_made(built: Path) -> None:
    application = create_app(WebSettings(built, load(built).db or None, page_rate_limit="2 per minute"))
    asking = application.test_client()

    def asked(path: str, address: str = "192.0.2.1") -> TestResponse:
        return asking.get(path, environ_base={"REMOTE_ADDR": address})

    index = asking.get("/api/v1/map").get_json()
    tile = index["points"].format(tile=0)
    assert [asked("/search?q=bert").status_code for _ in range(4)] == [200] * 4  # made once
    assert asked("/why?a=google-bert/bert-base-uncased").status_code != 429
    refused = asked("/map")
    assert (refused.status_code, refused.mimetype) == (429, "text/html")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Too many requests" in refused.text
    assert asset_of(refused.text) == asset_of(asking.get("/").text)
    free = (tile, index["names"].format(tile=0, block=0), asset_of(refused.text), "/api/v1/methods", "/search?q=bert")
    for path in (*free, "/search/suggestions?q=bert", "/badge/google-bert/bert-base-uncased.svg", "/robots.txt"):
        assert asked(path).status_code == 200, path
    assert "X-RateLimit-Limit" not in asked("/search?q=bert").headers
    network = [asked(f"/search?q=t{n}", f"2001:db8::{n}") for n in range(1, 4)]
    assert [each.status_code for each in network] == [200, 200, 429]
    assert not {"X-RateLimit-Limit", "Retry-After"} & {name for name, _ in network[0].headers}
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert [asked(f"/search?q={n}", address).status_code for n in range(3)] == [200] * 3
    application.extensions["hfmrs"].close()


def test_pages_of_the_named_site_may_read_and_no_more(limited: FlaskClient) -> None:
    asks = {"Origin": SITE, "Access-Control-Request-Method": "GET"}
    allowed = limited.options("/api/v1/search", headers=asks)
    assert (allowed.status_code, allowed.headers["Access-Control-Allow-Origin"]) == (204, SITE)
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    read = limited.get("/api/v1/methods", headers={"Origin": SITE})
    assert read.headers["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in read.headers["Vary"]
    assert "ETag" in read.headers["Access-Control-Expose-Headers"]
    for address, headers in (
        ("/api/v1/methods", {"Origin": "https://other.example"}),
        ("/api/v1/me", {"Origin": SITE}),
        ("/", {"Origin": SITE}),
    ):
        assert "Access-Control-Allow-Origin" not in limited.get(address, headers=headers).headers
    for address, method in (("/api/v1/query", "POST"), ("/api/v1/me", "GET"), ("/api/v1/me/likes/a/b", "PUT")):
        asks = {"Origin": SITE, "Access-Control-Request-Method": method}
        assert "Access-Control-Allow-Origin" not in limited.options(address, headers=asks).headers


def test_no_site_may_read_unless_it_was_named(client: FlaskClient) -> None:
    answer = client.get("/api/v1/methods", headers={"Origin": SITE})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_tag_stands_for_the_state_of_the_graph(
    client: FlaskClient, app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/api/v1/search?q=bert&limit=3"
    tag = client.get(address).headers["ETag"]
    assert client.get(address).headers["ETag"] == tag
    assert client.get("/api/v1/search?q=bert&limit=4").headers["ETag"] != tag
    found = app.extensions["hfmrs"]
    with monkeypatch.context() as closed:
        closed.setattr(found, "search", None)  # nothing is looked for where the tag tells it already
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    monkeypatch.setattr(found, "state", lambda: "another run")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert "ETag" not in client.get("/api/v1/models/no/such", headers={"If-None-Match": "*"}).headers
    assert "ETag" not in client.get("/api/v1/health").headers
    for path in ("methods", "search?q=bert"):  # anybody's, though an address begins as that of somebody's own
        assert client.get(f"/api/v1/{path}").headers["Cache-Control"] == "no-cache"


def test_every_error_has_one_shape(app: APIFlask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    problem(client.get("/api/v1/nothing"), 404)
    problem(client.put("/api/v1/search"), 405)
    problem(client.post("/api/v1/query", data="{", content_type="application/json"), 400)
    problem(client.post("/api/v1/query", json={"cypher": "x" * 70_000}), 413)
    for wrong in (True, "5", 1.5):
        body = {"cypher": "RETURN 1 AS one", "limit": wrong}
        assert "limit" in problem(client.post("/api/v1/query", json=body), 422)["detail"]
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setattr(app.extensions["hfmrs"], "runs", lambda: 1 / 0)
    assert "ZeroDivisionError" not in problem(client.get("/api/v1/methods"), 500)["detail"]

    def endless() -> None:
        endless()

    monkeypatch.setattr(app.extensions["hfmrs"], "runs", endless)
    assert "our fault" in problem(client.get("/api/v1/methods"), 500)["detail"]


def test_every_operation_is_described_with_examples(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").get_json()
    assert spec["openapi"].startswith("3.1")
    assert spec["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert {"session", "token"} < set(spec["components"]["securitySchemes"])
    for path, operations in spec["paths"].items():
        for verb, operation in operations.items():
            said = f"{verb} {path}"
            assert operation["summary"], said
            assert {"401", "429", "503"} <= set(operation["responses"]), said
            mine = path == "/api/v1/me" or path.startswith("/api/v1/me/")
            assert operation["tags"] == ["You" if mine else "API"], said
            free = [{}] if mine and verb == "get" else [{}, {"key": []}]  # one person, on this computer
            assert operation["security"] == ([{"session": [], "token": []}] if mine and verb != "get" else free), said
            content = [each for code, each in operation["responses"].items() if code in ("200", "201")]
            assert all("example" in each["content"]["application/json"] for each in content), said
            if "requestBody" in operation:
                assert "example" in operation["requestBody"]["content"]["application/json"], said
            for each in operation.get("parameters", ()):
                assert each["description"], said
                assert "example" in each or each["in"] == "query", said
    page = client.get("/api/docs").text
    assert page.count("Needs the cookie of your session, and its token") == sum(
        {} not in operation["security"] for operations in spec["paths"].values() for operation in operations.values()
    )
    liking = "curl -X PUT 'http://localhost/api/v1/me/likes/google-bert/bert-base-uncased' \\\n  -b cookies.txt"
    assert liking in unescape(page)


def test_what_is_kept_of_a_person_comes_in_pages(client: FlaskClient) -> None:
    token = client.get("/api/v1/me").get_json()["csrf_token"]
    models = [each["id"] for each in client.get("/api/v1/search?limit=3").get_json()["models"]]
    for each in models:
        client.put(f"/api/v1/me/dismissals/{each}", headers={"X-CSRFToken": token})
    first = client.get("/api/v1/me/dismissals?limit=2")
    body = first.get_json()
    assert (len(body["models"]), body["total"]) == (2, 3)
    assert re.fullmatch(r'<(\S+)>; rel="next"', first.headers["Link"])[1] == body["next"]  # type: ignore[index]
    assert len(client.get(body["next"]).get_json()["models"]) == 1
    for each in models:
        client.delete(f"/api/v1/me/dismissals/{each}", headers={"X-CSRFToken": token})


def test_the_client_of_the_documentation_pages_through_a_search(app: APIFlask, serve_here: Callable[..., str]) -> None:
    server = serve_here(app)
    command = [sys.executable, str(CLIENT), server, "task:fill-mask", "30"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    assert len([line for line in lines if "\t" in line]) == 30
    assert len([line for line in lines if " → " in line]) == 3
    refused = subprocess.run([*command[:3], "tusk:x", "5"], capture_output=True, text=True, check=False, timeout=60)
    assert (refused.returncode, "no field tusk:" in refused.stderr) == (1, True)
    pages: Any = runpy.run_path(str(CLIENT))
    names = [each["name"] for each in pages["listed"](f"{server}/api/v1/licenses?limit=5", "names")]
    assert len(names) == len(set(names)) > 5
