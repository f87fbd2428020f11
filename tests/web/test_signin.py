"""Signing in, with a provider that signs real tokens: what must work, and what must not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from apiflask import APIFlask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from hfmrs.settings import load
from tests.web.provider import CLIENT, SECRET, Provider
from web import Oidc, WebSettings, create_app
from web.account import KEY_FILE, own_path

ADA = {"sub": "ada-1", "preferred_username": "ada"}


@pytest.fixture
def app(provider: Provider, tmp_path: Path) -> Iterator[APIFlask]:
    """An application that keeps something for everybody who signs in; it needs no graph for that."""
    oidc = Oidc(provider.address, CLIENT, SECRET)
    made = create_app(WebSettings(tmp_path, rate_limit="", people="sign-in", oidc=oidc))
    yield made
    made.extensions["people"].store.connections.close()


def begin(client: FlaskClient, onward: str = "/you/data") -> str:
    """To the provider and back: the address that the browser is sent to with the code."""
    sent = client.get("/sign-in", query_string={"next": onward})
    assert sent.status_code == 302, sent.text
    back = requests.get(sent.location, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return f"{parts.path}?{parts.query}"


def signed_in(client: FlaskClient) -> bool:
    answer = client.get("/api/v1/me")
    assert answer.status_code in (200, 401)
    return bool(answer.status_code == 200)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_who_agrees_is_signed_in_and_out_again(app: APIFlask, provider: Provider) -> None:
    client = app.test_client()
    assert "Sign in with 127.0.0.1" in client.get("/you/data").text
    provider.user = ADA | {"preferred_username": "<b>ada</b>\u202e"}
    landed = client.get(begin(client))
    assert (landed.status_code, landed.location) == (303, "/you/data")
    page = client.get("/you/data").text
    assert "Signed in as <bdi>&lt;b&gt;ada&lt;/b&gt;\ufffd</bdi>" in page
    assert client.get("/api/v1/me").get_json()["hub_name"] is None  # another provider's names are not the Hub's
    assert client.post("/sign-out").status_code == 403
    out = client.post("/sign-out", data={"csrf_token": token_of(page)})
    assert out.status_code == 303
    assert not signed_in(client)


def test_who_comes_back_is_the_same_person(app: APIFlask, provider: Provider) -> None:
    seen = []
    for user in (ADA, ADA | {"preferred_username": "renamed"}, {"sub": "bob-1", "preferred_username": "ada"}):
        provider.user, client = user, app.test_client()
        client.get(begin(client))
        seen.append(client.get("/api/v1/me").get_json()["created_at"])
    assert seen[0] == seen[1] != seen[2]


def test_the_cookie_is_out_of_reach_and_secure_behind_https(provider: Provider, tmp_path: Path) -> None:
    provider.user = ADA
    oidc = Oidc(provider.address, CLIENT, SECRET)
    app = create_app(WebSettings(tmp_path, rate_limit="", people="sign-in", oidc=oidc, proxies=1))
    for scheme in ("http", "https"):
        client = app.test_client()
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.1"}
        sent = client.get("/sign-in", headers=headers)
        assert parse_qs(urlsplit(sent.location).query)["redirect_uri"] == [f"{scheme}://localhost/sign-in/done"]
        back = requests.get(sent.location, allow_redirects=False, timeout=10).headers["Location"]
        cookie = client.get(back.split("localhost")[1], headers=headers).headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) == (scheme == "https")


def test_who_declines_is_told_what_to_do(app: APIFlask, provider: Provider) -> None:
    client = app.test_client()
    answer = client.get(begin(client))
    assert answer.status_code == 422
    assert "did not agree" in answer.text
    assert not signed_in(client)


def other_key(_: str, claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, parameters={"kid": "one"})
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def by_secret(_: str, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET))


def unsigned(signed: str, _: dict[str, Any]) -> str:
    return "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0." + signed.split(".")[1] + "."


@pytest.mark.parametrize(
    "wrong",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": None}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"exp": 1_600_000_000}},
        {"claims": {"exp": None}},
        {"claims": {"sub": None}},
        {"spoil": other_key},
        {"spoil": by_secret},
        {"spoil": unsigned},
        {"spoil": lambda *_: "nonsense"},
    ],
    ids=lambda wrong: str(wrong).split(" at ")[0],
)
def test_a_token_that_is_not_right_signs_nobody_in(app: APIFlask, provider: Provider, wrong: dict[str, Any]) -> None:
    provider.user = ADA
    for name, value in wrong.items():
        setattr(provider, name, value)
    client = app.test_client()
    answer = client.get(begin(client))
    assert answer.status_code == 422, answer.text
    assert "Traceback" not in answer.text
    assert not signed_in(client)


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(app: APIFlask, provider: Provider) -> None:
    provider.user = ADA
    asked, tricked = app.test_client(), app.test_client()
    back = begin(asked)
    assert tricked.get(back).status_code == 422  # no state at all
    begin(tricked)
    assert tricked.get(back).status_code == 422  # another one's
    assert not signed_in(tricked)
    assert asked.get(back).status_code == 303
    assert asked.get(back).status_code == 422  # and serves once


def test_many_sign_ins_that_were_given_up_leave_room_in_the_cookie(app: APIFlask, provider: Provider) -> None:
    provider.user, client = ADA, app.test_client()
    for _ in range(20):
        client.get("/sign-in")
    cookie = client.get_cookie("hfmrs")
    assert cookie is not None
    assert len(cookie.value) < 1000  # a browser takes 4,096
    assert client.get(begin(client)).status_code == 303
    assert signed_in(client)


def test_a_provider_that_does_not_answer_is_said(app: APIFlask, provider: Provider) -> None:
    provider.unwell = True
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_provider_that_calls_itself_otherwise_is_not_used(provider: Provider, tmp_path: Path) -> None:
    oidc = Oidc(provider.address.replace("127.0.0.1", "localhost"), CLIENT, SECRET)
    app = create_app(WebSettings(tmp_path, rate_limit="", people="sign-in", oidc=oidc))
    assert app.test_client().get("/sign-in").status_code == 503


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/you\r\nLocation: https://evil.example",
    "http:evil.example",
    "",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_elsewhere(app: APIFlask, provider: Provider, address: str) -> None:
    assert own_path(address) == "/you"
    provider.user, client = ADA, app.test_client()
    assert client.get(begin(client, address)).location == "/you"
    token = token_of(client.get("/you/data").text)
    answer = client.post("/you/marks", data={"csrf_token": token, "model": "a/b", "mark": "none", "next": address})
    assert (answer.status_code, answer.location) == (303, "/you")


def test_a_forged_or_old_cookie_is_nobodys(app: APIFlask, provider: Provider) -> None:
    provider.user, client = ADA, app.test_client()
    client.get(begin(client))
    cookie = client.get_cookie("hfmrs")
    assert cookie is not None
    for value in (cookie.value[:-4] + "AAAA", "." + cookie.value, "nonsense"):
        other = app.test_client()
        other.set_cookie("hfmrs", value)
        assert not signed_in(other)
    token = token_of(client.get("/you/data").text)
    client.post("/you/data/delete", data={"csrf_token": token, "sure": "yes"})
    back = app.test_client()
    back.set_cookie("hfmrs", cookie.value)  # signed as it must be, by somebody who is no longer kept
    assert not signed_in(back)


def test_the_key_is_made_once_for_nobody_else(tmp_path: Path) -> None:
    keys = {create_app(WebSettings(tmp_path / "home", people="local")).secret_key for _ in range(3)}
    assert len(keys) == 1
    file = tmp_path / "home" / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text()) == 64
    assert [each.name for each in file.parent.iterdir()] == [KEY_FILE]
    assert create_app(WebSettings(tmp_path / "home", people="local", secret_key="mine")).secret_key == "mine"
    create_app(WebSettings(tmp_path / "bare"))
    assert not (tmp_path / "bare").exists()


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("localhost:8000", {}, 200),
        ("127.0.0.1", {}, 200),
        ("[::1]:8000", {}, 200),
        ("evil.example", {}, 404),
        ("localhost.evil.example", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 404),
        ("localhost", {"Forwarded": "for=192.0.2.1"}, 404),
    ],
)
def test_the_one_person_of_a_computer_is_there_for_this_computer_alone(
    tmp_path: Path, host: str, headers: dict[str, str], status: int
) -> None:
    client = create_app(WebSettings(tmp_path, rate_limit="", people="local")).test_client()
    for path in ("/you/data", "/api/v1/me"):
        assert client.get(path, headers=headers | {"Host": host}).status_code == status


def test_where_nothing_is_kept_there_are_no_such_pages(built: Path) -> None:
    app = create_app(WebSettings(built, load(built).db or None, rate_limit=""))
    client = app.test_client()
    for path in ("/you", "/you/data", "/sign-in", "/api/v1/me", "/api/v1/me/likes"):
        assert client.get(path).status_code == 404
    assert client.get("/you/marks?model=a/b").status_code == 204
    assert "Set-Cookie" not in client.get("/api/docs").headers
    app.extensions["hfmrs"].close()


def test_the_api_says_of_each_operation_what_it_needs(app: APIFlask) -> None:
    client = app.test_client()
    spec = client.get("/api/openapi.json").get_json()
    assert spec["components"]["securitySchemes"]["session"]["name"] == app.config["SESSION_COOKIE_NAME"]
    me = spec["paths"]["/api/v1/me"]
    assert me["get"]["security"] == [{"session": []}]
    assert me["delete"]["security"] == [{"session": [], "token": []}]
    assert client.get("/api/v1/me").status_code == 401
