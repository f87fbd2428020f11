"""The JSON API about people, asked by Schemathesis as somebody who is signed in and keeps something."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, settings

from hfmrs.settings import load
from tests.web.provider import SECRET
from tests.web.test_api import BERT, CHECKS
from web import WebSettings, create_app
from web.account import LOCAL

WHISPER = "openai/whisper-small"
#: Models that paths name, by an old name too; None: whatever was made up.
MODELS = (BERT, "bert-base-uncased", WHISPER, None)


@dataclass
class Somebody:
    """The one person of a computer with a browser: what it sends. `there`: what is kept, {} where that is changed."""

    app: APIFlask
    cookies: dict[str, str]
    headers: dict[str, str]
    there: dict[str, str] = field(default_factory=dict)

    def furnished(self) -> dict[str, str]:
        """Keep some of everything and nothing else; by parameter of a path what there really is."""
        if self.there:
            return self.there
        store = self.app.extensions["people"].store
        store.forget(store.meet(*LOCAL, "You").id)
        me = store.meet(*LOCAL, "You").id
        store.change(me, hub_name="google-bert", keeps_views=True)
        store.mark(me, BERT, "like")
        store.mark(me, "openai/whisper-tiny", "dismissal")
        store.view(me, WHISPER)
        made = store.shelves.make(me, "For the phone")
        store.shelves.put(me, made.id, BERT)
        search = store.shelves.save(me, "German", "q=german")
        self.there = {"collection_id": made.id, "search_id": search.id}
        return self.there


@pytest.fixture(scope="module")
def somebody(built: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Somebody]:
    store = f"sqlite:///{tmp_path_factory.mktemp('store') / 'people.sqlite'}"
    app = create_app(
        WebSettings(built, load(built).db or None, rate_limit="", people="local", store=store, secret_key=SECRET)
    )
    app.testing = True
    client = app.test_client()
    token = client.get("/api/v1/me").get_json()["csrf_token"]
    cookie = client.get_cookie("hfmrs")
    assert cookie is not None
    # A WSGI application's answer is not unpacked by Schemathesis, which says by itself that it takes gzip.
    yield Somebody(app, {"hfmrs": cookie.value}, {"X-CSRFToken": token, "Accept-Encoding": "identity"})
    app.extensions["people"].store.connections.close()
    app.extensions["hfmrs"].close()


@pytest.fixture
def described(somebody: Somebody) -> Any:
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", somebody.app)
    for operations in described.raw_schema["paths"].values():
        for operation in operations.values():
            operation["security"] = []  # cookie and token come with every request: none is made up or left out
    described.config.checks.negative_data_rejection.expected_statuses += ["413"]
    return described


people = schemathesis.pytest.from_fixture("described").include(path_regex="^/api/v1/me(/|$)")
#: What takes a tenth of a second to answer.
SLOW = "^/api/v1/me/(recommendations|new)$"
suited = schemathesis.pytest.from_fixture("described").include(path_regex=SLOW)


@people.exclude(path_regex=SLOW).parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_for_a_person_keeps_to_its_description(case: schemathesis.Case, somebody: Somebody) -> None:
    ask(case, somebody)


@suited.parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_suits_a_person_keeps_to_its_description(case: schemathesis.Case, somebody: Somebody) -> None:
    ask(case, somebody)


def ask(case: schemathesis.Case, somebody: Somebody) -> None:
    there = somebody.furnished()
    made_up = case.path_parameters
    model = MODELS[zlib.crc32(repr(made_up).encode("utf-8", "replace")) % len(MODELS)]
    if model:
        made_up.update({name: (there | {"model_id": model})[name] for name in made_up})
    response = case.call_and_validate(checks=CHECKS, headers=somebody.headers, cookies=somebody.cookies)
    if response.status_code < 400 and case.method != "GET":
        somebody.there = {}
    assert response.status_code not in (401, 403)
    assert response.headers["cache-control"] == ["private, no-store"]
