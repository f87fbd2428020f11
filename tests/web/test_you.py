"""What is kept for people and recommended to them: pages without scripts, and the API, over the built sample."""

from __future__ import annotations

import json
import re
import time
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from apiflask import APIFlask
from flask.testing import FlaskClient

from graph.recommend import METHODS
from tests.web.provider import Provider

BERT, WHISPER, MINILM = (
    "google-bert/bert-base-uncased",
    "openai/whisper-small",
    "sentence-transformers/all-MiniLM-L6-v2",
)
PAGES = (
    "/you",
    "/you/new",
    "/you/collections",
    "/you/data",
    f"/you/keep?model={BERT}",
    "/you/searches/new?query=q%3Dx",
)


class Someone:
    """A browser of somebody who signed in."""

    def __init__(self, app: APIFlask, provider: Provider, name: str) -> None:
        self.client: FlaskClient = app.test_client()
        provider.user = {"sub": name, "preferred_username": name}
        sent = self.client.get("/sign-in")
        back = urlsplit(requests.get(sent.location, allow_redirects=False, timeout=10).headers["Location"])
        assert self.client.get(f"{back.path}?{back.query}").status_code == 303
        self.token: str = self.api("GET", "")["csrf_token"]

    def api(self, verb: str, path: str, status: int = 200, **more: Any) -> Any:
        headers = {"X-CSRFToken": self.token} if verb != "GET" else {}
        answer = self.client.open(f"/api/v1/me{path}", method=verb, headers=headers, **more)
        assert answer.status_code == status, answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer.headers
        return answer.get_json() if answer.data else None

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        return str(answer.text)

    def send(self, path: str, status: int = 303, **fields: Any) -> Any:
        answer = self.client.post(path, data=fields | {"csrf_token": self.token})
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture
def ada(shared_app: APIFlask, provider: Provider) -> Someone:
    return Someone(shared_app, provider, "ada")


@pytest.fixture
def bob(shared_app: APIFlask, provider: Provider) -> Someone:
    return Someone(shared_app, provider, "bob")


def ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer["recommendations"]]


def shown(page: str) -> list[str]:
    cards = re.findall(r'<h3 class="name"><a href="/model/([^"]+)"', page)
    return [unescape(each) for each in cards]


def test_a_newcomer_picks_three_models_and_the_reasons_name_them(ada: Someone) -> None:
    page = ada.page("/you")
    offered = [unescape(each) for each in re.findall(r'type="checkbox" name="model" value="([^"]+)"', page)]
    assert len(offered) == 12
    assert ada.send("/you/picks", model=offered[:3]).location == "/you"
    page = ada.page("/you")
    found = shown(page)
    assert len(found) == 10
    assert not set(found) & set(offered[:3])
    sentences = [unescape(each) for each in re.findall(r"Because you liked ([^ ]+?):", page)]
    assert len(sentences) >= 20
    assert set(sentences) <= set(offered[:3])
    assert len(set(sentences)) > 1


def test_a_task_alone_is_answered_from_what_is_most_used_for_it(ada: Someone) -> None:
    page = ada.page("/you?task=automatic-speech-recognition")
    assert "Because many use openai/whisper" in page
    assert "you liked" not in page
    answer = ada.api("GET", "/recommendations?task=automatic-speech-recognition&k=5&language=de")
    for each in answer["recommendations"]:
        facts = ada.client.get(f"/api/v1/models/{each['id']}").get_json()
        assert facts["task"] == "automatic-speech-recognition"
    assert "beliebt ist:" in json.dumps(answer, ensure_ascii=False)
    assert ids(ada.api("GET", "/recommendations?task=nothing")) == []
    assert "There is no model for" in ada.page("/you?task=nothing")


@pytest.mark.parametrize("method", METHODS)
def test_a_like_changes_what_is_recommended_within_a_second(ada: Someone, method: str) -> None:
    ada.api("PUT", f"/likes/{BERT}")
    before = ids(ada.api("GET", f"/recommendations?method={method}"))
    start = time.perf_counter()
    assert ada.api("PUT", "/likes/bert-base-uncased") == {"id": BERT}  # an old name: the same model
    ada.api("PUT", f"/likes/{WHISPER}")
    answer = ada.api("GET", f"/recommendations?method={method}")
    assert time.perf_counter() - start < 1
    assert ids(answer) != before
    assert {BERT, WHISPER}.isdisjoint(ids(answer))
    for each in answer["recommendations"]:
        assert sum(reason["contribution"] or 0 for reason in each["reasons"]) == pytest.approx(each["score"], abs=1e-4)
        named = [reason["text"] for reason in each["reasons"] if reason["kind"] != "rest"]
        assert any(text.startswith((f"Because you liked {BERT}:", f"Because you liked {WHISPER}:")) for text in named)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_not_useful_stays_away_with_its_variants(ada: Someone, method: str) -> None:
    ada.api("PUT", f"/likes/{BERT}")
    first = ada.api("GET", f"/recommendations?method={method}&k=20")["recommendations"]
    for each in (first[0], first[3]):
        ada.api("PUT", f"/dismissals/{each['id']}")
    after = ada.api("GET", f"/recommendations?method={method}&k=18")["recommendations"]
    gone = {id for each in (first[0], first[3]) for id in (each["id"], *each["variants"])}
    assert gone.isdisjoint({id for each in after for id in (each["id"], *each["variants"])})
    assert [each["rank"] for each in after] == list(range(1, len(after) + 1))
    assert [each["id"] for each in after] == [each["id"] for each in first if each["id"] not in gone][:18]
    ada.api("DELETE", f"/dismissals/{first[0]['id']}", 204)
    assert first[0]["id"] in ids(ada.api("GET", f"/recommendations?method={method}&k=20"))


def test_the_feed_is_the_newest_of_the_hundred_that_suit_best(ada: Someone) -> None:
    ada.api("PUT", f"/likes/{BERT}")
    hundred = ada.api("GET", "/recommendations?k=100")
    feed = ada.api("GET", "/new?k=8")
    created = {each: ada.client.get(f"/api/v1/models/{each}").get_json()["created_at"] or "" for each in ids(hundred)}
    newest = sorted(created.values(), reverse=True)[:8]
    assert [created[each] for each in ids(feed)] == newest
    assert shown(ada.page("/you/new?k=5")) == ids(feed)[:5]


def test_own_and_viewed_models_count_each_said_as_what_it_is(ada: Someone) -> None:
    ada.api("PATCH", "", 204, json={"hub_name": "google-bert", "keeps_views": True})
    ada.api("PUT", f"/views/{WHISPER}", 204)
    text = json.dumps([ada.api("GET", f"/recommendations?source={source}") for source in ("built", "views")])
    assert "Because you built google-bert/" in text
    assert f"Because you looked at {WHISPER}" in text
    assert "you liked" not in text
    assert WHISPER in ada.api("GET", "/recommendations")["query"]["liked"]
    built = ada.api("GET", "/recommendations?source=built&k=5")["query"]["liked"]
    assert {each.split("/")[0] for each in built} == {"google-bert"}
    assert ada.api("GET", "/recommendations?source=views")["query"]["liked"] == [WHISPER]
    assert "Nothing is known of that yet" in ada.page("/you?source=likes")
    ada.api("PUT", f"/dismissals/{WHISPER}")
    assert ids(ada.api("GET", "/recommendations?source=views")) == []


def test_how_popular_things_shall_be_is_in_the_address(ada: Someone) -> None:
    ada.api("PUT", f"/likes/{BERT}")
    plain, gems = ada.page("/you"), ada.page("/you?novelty=1")
    assert "It is used by" in gems
    assert "It is used by" not in plain
    assert shown(gems) != shown(plain)
    address = unescape(re.search(r'href="(/api/[^"]*)">(?:T|t)he same as JSON', gems)[1])  # type: ignore[index]
    assert ids(ada.client.get(address).get_json()) == shown(gems)


def test_views_are_kept_only_for_who_asked(ada: Someone) -> None:
    ada.send("/you/views", 204, model=BERT)
    ada.api("PUT", f"/views/{BERT}", 204)
    assert ada.api("GET", "/views")["models"] == []
    assert "hx-post" in ada.page(f"/you/marks?model={BERT}&whole={BERT}")
    assert "/you/views" not in ada.page(f"/you/marks?model={BERT}&whole={BERT}")
    ada.send("/you/data", keeps_views="1", hub_name="")
    assert "/you/views" in ada.page(f"/you/marks?model={BERT}&whole={BERT}")
    ada.send("/you/views", 204, model=BERT)
    assert [each["id"] for each in ada.api("GET", "/views")["models"]] == [BERT]
    ada.send("/you/data", hub_name="")
    assert ada.api("GET", "/views")["models"] == []


def test_likes_by_form_lead_back(ada: Someone) -> None:
    page = ada.page(f"/you/keep?model={BERT}")
    assert 'aria-pressed="false"' in page
    back = f"/you/keep?model={BERT}"
    assert ada.send("/you/marks", model=BERT, mark="like", next=back).location == back
    assert 'value="none" aria-pressed="true"' in ada.page(back)
    ada.send("/you/marks", model=BERT, mark="none", next=back)
    assert ada.api("GET", "/likes")["models"] == []
    ada.send("/you/marks", 404, model="no/such", mark="like")
    ada.send("/you/marks", 422, model=BERT, mark="hate")


def test_collections_and_searches_are_made_changed_and_deleted(ada: Someone) -> None:
    place = ada.send("/you/collections", name="  For  the phone ", model="bert-base-uncased").location
    page = ada.page(place)
    assert "<bdi>For the phone</bdi>" in page
    assert f'href="/model/{BERT}"' in page
    ada.send(place, do="rename", name="For the desk")
    ada.send(place, do="put", model=WHISPER)
    ada.send(place, do="take", model=BERT)
    ada.send(place, 404, do="put", model="no/such")
    ada.send(place, 422, do="rename", name=" ")
    ada.send(place, 422, do="burn")
    (kept,) = ada.api("GET", "/collections")["collections"]
    assert (kept["name"], kept["size"]) == ("For the desk", 1)
    assert [each["id"] for each in ada.api("GET", f"/collections/{kept['id']}")["models"]] == [WHISPER]
    ada.send(place, do="delete")
    ada.page(place, 404)

    search = ada.client.get("/search?q=german+speech&page=3").text
    link = unescape(re.search(r'href="(/you/searches/new[^"]*)"', search)[1])  # type: ignore[index]
    query = unescape(re.search(r'name="query" value="([^"]*)"', ada.page(link))[1])  # type: ignore[index]
    ada.send("/you/searches", name="German", query=query)
    page = ada.page("/you/collections")
    assert 'href="/search?q=german+speech"' in page
    (saved,) = ada.api("GET", "/searches")["searches"]
    ada.send(f"/you/searches/{saved['id']}/delete")
    assert ada.api("GET", "/searches")["searches"] == []


def test_one_person_sees_and_changes_nothing_of_another(ada: Someone, bob: Someone) -> None:
    ada.api("PATCH", "", 204, json={"hub_name": "google-bert", "keeps_views": True})
    ada.api("PUT", f"/likes/{BERT}")
    ada.api("PUT", f"/dismissals/{WHISPER}")
    ada.api("PUT", f"/views/{MINILM}", 204)
    hers = ada.api("POST", "/collections", 201, json={"name": "Hers alone"})["id"]
    ada.api("PUT", f"/collections/{hers}/models/{BERT}")
    search = ada.api("POST", "/searches", 201, json={"name": "Hers too", "query": "q=secret"})["id"]
    before = ada.api("GET", "/export")

    for path in PAGES:
        text = bob.page(path)
        assert "Hers" not in text
        assert "ada" not in re.findall(r"<bdi>([^<]*)</bdi>", text)
        assert "q=secret" not in text
        assert 'aria-pressed="true"' not in text
    for path in ("/likes", "/dismissals", "/views"):
        assert bob.api("GET", path)["models"] == []
    assert bob.api("GET", "/collections")["collections"] == bob.api("GET", "/searches")["searches"] == []
    assert ids(bob.api("GET", "/recommendations")) == []
    assert 'aria-pressed="true"' not in bob.page(f"/you/marks?model={BERT}&model={WHISPER}")

    bob.page(f"/you/collections/{hers}", 404)
    for fields in ({"do": "rename", "name": "Mine"}, {"do": "put", "model": MINILM}, {"do": "take", "model": BERT}):
        bob.send(f"/you/collections/{hers}", 404, **fields)
    bob.send(f"/you/collections/{hers}", 404, do="delete")
    bob.send(f"/you/searches/{search}/delete", 404)
    bob.api("GET", f"/collections/{hers}", 404)
    bob.api("PATCH", f"/collections/{hers}", 404, json={"name": "Mine"})
    bob.api("PUT", f"/collections/{hers}/models/{MINILM}", 404)
    bob.api("DELETE", f"/collections/{hers}/models/{BERT}", 404)
    bob.api("DELETE", f"/collections/{hers}", 404)
    bob.api("DELETE", f"/searches/{search}", 404)
    bob.api("DELETE", f"/likes/{BERT}", 204)
    bob.api("DELETE", "", 204)
    assert ada.api("GET", "/export") == before


def test_nothing_changes_without_the_token_of_the_session(ada: Someone, bob: Someone) -> None:
    made = ada.api("POST", "/collections", 201, json={"name": "Mine"})["id"]
    before = ada.api("GET", "/export")
    forms = ("/you/marks", "/you/views", "/you/picks", "/you/collections", f"/you/collections/{made}", "/you/searches",
             "/you/data", "/you/data/delete", "/sign-out")  # fmt: skip
    fields = {"model": BERT, "mark": "like", "name": "x", "query": "q=x", "do": "delete", "sure": "yes"}
    for token in ({}, {"csrf_token": "nonsense"}, {"csrf_token": bob.token}):
        for path in forms:
            answer = ada.client.post(path, data=fields | token)
            assert answer.status_code == 403, path
            assert "Not sent from here" in answer.text
    for verb, path in (("PUT", f"/likes/{BERT}"), ("DELETE", ""), ("DELETE", f"/collections/{made}")):
        for headers in ({}, {"X-CSRFToken": bob.token}):
            answer = ada.client.open(f"/api/v1/me{path}", method=verb, headers=headers)
            assert answer.status_code == 403
            assert answer.get_json()["hint"]
    assert ada.client.post("/api/v1/me/collections", json={"name": "x"}).status_code == 403
    assert ada.api("GET", "/export") == before


def test_everything_can_be_taken_away_and_deleted(ada: Someone) -> None:
    ada.api("PUT", f"/likes/{BERT}")
    ada.api("POST", "/searches", 201, json={"name": "x", "query": "q=x"})
    answer = ada.client.get("/you/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.loads(answer.text) == ada.api("GET", "/export")
    assert BERT in ada.page("/you/data")
    ada.send("/you/data/delete", 422)
    assert ada.send("/you/data/delete", sure="yes").location == "/"
    assert "Sign in with" in ada.page("/you", 401)


def test_who_is_signed_out_is_asked_to_sign_in(shared_app: APIFlask) -> None:
    client = shared_app.test_client()
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 401
        assert f'href="/sign-in?next={path.split("?")[0]}' in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
    problem = client.get("/api/v1/me/likes")
    assert (problem.status_code, problem.mimetype) == (401, "application/problem+json")
    assert problem.get_json()["hint"]
    assert client.get(f"/you/marks?model={BERT}").status_code == 204


def test_what_is_the_same_for_everybody_holds_nothing_of_anybody(ada: Someone) -> None:
    ada.api("PUT", f"/likes/{BERT}")
    stranger = ada.client.application.test_client()
    for path in (f"/model/{BERT}", "/search", "/", f"/api/v1/models/{BERT}"):
        mine, theirs = ada.client.get(path), stranger.get(path)
        strip = [re.sub(r'nonce="[^"]+"', "", each.text) for each in (mine, theirs)]
        assert strip[0] == strip[1]
        assert "Cookie" not in mine.headers.get("Vary", "")
        assert "Set-Cookie" not in mine.headers
        assert "csrf" not in mine.text
    marks = ada.page(f"/you/marks?model={BERT}&model={WHISPER}&next=/model/x")
    assert marks.count("<form") == 2
    assert marks.count('aria-pressed="true"') == 1


HOSTILE = ("<img src=x onerror=alert(1)>\"'{{ 7777 * 7777 }}", "\u202etxt\u200b", "a" * 100)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(ada: Someone, name: str) -> None:
    made = ada.api("POST", "/collections", 201, json={"name": name})["id"]
    ada.api("POST", "/searches", 201, json={"name": name, "query": 'q="><script>&javascript:alert(1)'})
    for path in ("/you/collections", f"/you/collections/{made}", f"/you/keep?model={BERT}"):
        text = re.sub(r'nonce="[^"]*"|/static/\w+/|value="[^"]*"', "", ada.page(path))
        assert not re.search(r"<img|<script>|\u202e|\u200b|href=\"javascript|onerror=[^&]*>", text.split("<main")[1])
        assert str(7777 * 7777) not in text


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "\ud800"])
def test_names_that_are_none_are_refused(ada: Someone, name: str) -> None:
    answer = ada.client.post(
        "/api/v1/me/collections",
        data=json.dumps({"name": name}),
        content_type="application/json",
        headers={"X-CSRFToken": ada.token},
    )
    assert answer.status_code == 422
    assert ada.api("GET", "/collections")["collections"] == []


def test_requests_are_counted(shared_app: APIFlask) -> None:
    from dataclasses import replace

    from web import create_app

    settings = shared_app.extensions["hfmrs"].settings
    limited = create_app(replace(settings, rate_limit="3 per minute")).test_client()
    for path in ("/you/marks?model=a/b", "/sign-in", "/api/v1/me"):
        statuses = [limited.get(path).status_code for _ in range(4)]
        assert statuses[-1] == 429
        assert 429 not in statuses[:3]
