"""Two people who are signed in: every operation and every page about a person, as the description and the addresses of
the application list them, shows one of them nothing of the other and changes nothing of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from apiflask import APIFlask
from werkzeug.routing import Rule

from tests.web.provider import Provider
from tests.web.test_addresses import ADDRESSES, SAMPLE, filled
from tests.web.test_you import BERT, MINILM, WHISPER, Someone
from web.account import is_personal

#: What Ada keeps, in words that stand nowhere else.
HERS = ("Hers alone", "Hers too", "hersecret", "ada-lovelace", "hers-on-the-hub")
NONCE = re.compile('nonce="[^"]+"')
#: A model of which Ada keeps nothing.
OTHER = "FacebookAI/roberta-base"
#: What every form and address about a person may ask for.
ASKED = {"model": OTHER, "query": "q=x", "name": "Mine", "mark": "like", "sure": "yes", "hub_name": "", "whole": OTHER}


class Kept(NamedTuple):
    """What Ada keeps: the ids in an address by the word before them, and all of it."""

    ids: dict[str, str]
    whole: Any


@pytest.fixture
def ada(shared_app: APIFlask, provider: Provider) -> Someone:
    return Someone(shared_app, provider, "ada-lovelace")


@pytest.fixture
def bob(shared_app: APIFlask, provider: Provider) -> Someone:
    return Someone(shared_app, provider, "bob")


@pytest.fixture
def kept(ada: Someone) -> Iterator[Kept]:
    ada.api("PATCH", "", 204, json={"hub_name": HERS[4], "keeps_views": True})
    ada.api("PUT", f"/likes/{BERT}")
    ada.api("PUT", f"/dismissals/{WHISPER}")
    ada.api("PUT", f"/views/{MINILM}", 204)
    collection = ada.api("POST", "/collections", 201, json={"name": HERS[0]})["id"]
    ada.api("PUT", f"/collections/{collection}/models/{BERT}")
    search = ada.api("POST", "/searches", 201, json={"name": HERS[1], "query": f"q={HERS[2]}"})["id"]
    yield Kept({"collections": collection, "searches": search}, ada.api("GET", "/export"))
    assert ada.api("GET", "/export")["likes"], "Ada is still who she was"


def place(address: str, kept: Kept) -> str:
    """An address with Ada's ids, and a model that she likes."""

    def fill(found: re.Match[str]) -> str:
        before, name = found[1], found[2].rpartition(":")[2]
        return f"{before}/{BERT if name == 'model_id' else kept.ids[before]}"

    return re.sub(r"(\w+)/[{<]([\w:]+)[}>]", fill, address)


def nothing_of_hers(text: str, kept: Kept, *more: str) -> None:
    assert [each for each in (*HERS, *kept.ids.values(), *more) if each in text] == []


def test_no_operation_shows_or_changes_what_is_somebody_elses(
    shared_app: APIFlask, ada: Someone, bob: Someone, kept: Kept
) -> None:
    described = shared_app.test_client().get("/api/openapi.json").get_json()["paths"]
    mine = {path: each for path, each in described.items() if is_personal(path)}
    operations = [(verb, path, each) for path, verbs in mine.items() for verb, each in verbs.items()]
    assert len(operations) > 20
    # What reads comes first, while nothing is kept of Bob; deleting everything last.
    for verb, path, operation in sorted(
        operations, key=lambda each: (each[0] != "get", each[:2] == ("delete", "/api/v1/me"))
    ):
        address = place(path, kept)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        answer = bob.client.open(address, method=verb.upper(), json=body, headers={"X-CSRFToken": bob.token})
        hers = any(each in address for each in kept.ids.values())
        assert answer.status_code == 404 if hers else answer.status_code < 300, (verb, path, answer.text)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in answer.headers["Vary"]
        nothing_of_hers(answer.text, kept, *((BERT, WHISPER, MINILM) if verb == "get" else ()))
        assert ada.api("GET", "/export") == kept.whole, (verb, path)


def rules(app: APIFlask) -> list[Rule]:
    return [each for each in app.url_map.iter_rules() if each.endpoint.startswith("you.")]


def test_no_page_shows_or_changes_what_is_somebody_elses(
    shared_app: APIFlask, ada: Someone, bob: Someone, kept: Kept
) -> None:
    pages = [(verb, each.rule) for each in rules(shared_app) for verb in (each.methods or set()) & {"GET", "POST"}]
    assert len(pages) > 15
    for verb, rule in sorted(pages, key=lambda each: (each[0] != "GET", each[1] == "/you/data/delete")):
        address = place(rule, kept)
        hers = any(each in address for each in kept.ids.values())
        for do in ("rename", "put", "take", "delete") if hers else ("",):
            fields = {**ASKED, "do": do}
            sent = {"query_string": ASKED} if verb == "GET" else {"data": {**fields, "csrf_token": bob.token}}
            answer = bob.client.open(address, method=verb, **sent)
            wanted = (404,) if hers else (200, 204, 303)
            assert answer.status_code in wanted, (verb, rule, answer.text)
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "Cookie" in answer.headers["Vary"]
            nothing_of_hers(answer.text + (answer.location or ""), kept)
            assert verb != "GET" or 'aria-pressed="true"' not in answer.text, rule
            assert ada.api("GET", "/export") == kept.whole, (verb, rule)


def test_who_is_signed_out_gets_no_page_and_no_operation(shared_app: APIFlask, kept: Kept) -> None:
    nobody = shared_app.test_client()
    described = nobody.get("/api/openapi.json").get_json()["paths"]
    mine = [(verb.upper(), path) for path in described if is_personal(path) for verb in described[path]]
    pages = [(verb, each.rule) for each in rules(shared_app) for verb in (each.methods or set()) & {"GET", "POST"}]
    for verb, path in mine + pages:
        answer = nobody.open(place(path, kept), method=verb, query_string=ASKED)
        quiet = path == "/you/marks" and verb == "GET"  # every page asks for them
        assert answer.status_code == (204 if quiet else 401 if verb == "GET" else 403), (verb, path)
        assert not [each for each in HERS if each in answer.text], (verb, path)


def test_what_is_anybodys_is_the_same_for_who_is_signed_in(shared_app: APIFlask, ada: Someone, kept: Kept) -> None:
    """No page that others may be shown from a store or a cache holds anything of who asked for it first."""
    nobody = shared_app.test_client()
    for endpoint in ADDRESSES:
        if endpoint.startswith(("you.", "signin.")):
            continue
        for address in filled(endpoint, SAMPLE | {"map": "0"}):
            hers, theirs = ada.client.get(address), nobody.get(address)
            texts = [NONCE.sub("", each.get_data().decode("utf-8", "replace")) for each in (hers, theirs)]
            assert hers.status_code == theirs.status_code, address
            if not endpoint.startswith("console."):  # tells how long the question took
                assert texts[0] == texts[1], address
            assert "Set-Cookie" not in hers.headers, address
            assert 'name="csrf_token"' not in texts[0], address
            nothing_of_hers(texts[0], kept)
