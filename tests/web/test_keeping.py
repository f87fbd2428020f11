"""Pages that are kept: alike but for the nonce, apart where they differ, gone with the state they were made from."""

from __future__ import annotations

import html
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from graph.known import Known
from hfmrs.settings import load
from web import WebSettings, ahead, create_app, kept
from web.account import people
from web.kept import KeptPages, Page
from web.service import Service

BERT = "/model/google-bert/bert-base-uncased"
PAGE = Page(b"packed", "text/html", "nonce", True)
NONCE = re.compile(r'nonce="([^"]+)"')


@pytest.fixture
def fresh(built: Path) -> Iterator[FlaskClient]:
    """A server that has shown nothing yet. The file stays: servers of other tests have it open."""
    with closing(sqlite3.connect(built / kept.FILE, isolation_level=None)) as file:
        if file.execute("SELECT 1 FROM sqlite_master WHERE name = 'pages'").fetchone():
            file.execute("DELETE FROM pages")
    app = create_app(WebSettings(built, load(built).db or None, rate_limit=""))
    yield app.test_client()
    app.extensions["hfmrs"].close()


def _no_answers(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Service:
    """From here on nothing can be asked of the graph."""
    service: Service = client.application.extensions["hfmrs"]

    def refuse(*_: Any) -> None:
        raise AssertionError("The graph was asked.")

    monkeypatch.setattr(service, "_remember", refuse)
    return service


def test_a_kept_page_has_a_nonce_of_its_own(fresh: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fresh.get(BERT)
    _no_answers(fresh, monkeypatch)
    again = fresh.get(BERT)
    nonces = [set(NONCE.findall(each.text)) for each in (first, again)]
    assert [len(each) for each in nonces] == [1, 1]
    assert nonces[0] != nonces[1]
    for each, (nonce,) in zip((first, again), nonces, strict=True):
        assert f"script-src 'nonce-{nonce}'" in each.headers["Content-Security-Policy"]
    assert NONCE.sub("", first.text) == NONCE.sub("", again.text)
    assert first.content_type == again.content_type


def test_parts_other_addresses_and_mistakes_are_pages_of_their_own(fresh: FlaskClient) -> None:
    whole = fresh.get(BERT).text
    part = fresh.get(BERT, headers={"HX-Target": "recommendations", "HX-Request": "true"}).text
    assert "<html" in whole
    assert "<html" not in part
    assert fresh.get(BERT, headers={"HX-Target": "recommendations", "HX-Request": "true"}).text == part
    assert fresh.get(BERT + "?k=3").text != whole
    for _ in range(2):
        assert fresh.get("/model/no/such-model").status_code == 404
        assert fresh.get("/model/bert-base-uncased").status_code == 302


def test_a_new_state_of_the_graph_makes_pages_anew(fresh: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.get(BERT)
    service = _no_answers(fresh, monkeypatch)
    monkeypatch.setattr(service, "_in_service", lambda: (service._state, "another"))
    service._looked_at = float("-inf")
    fresh.application.testing = True  # what a view raises comes through
    with pytest.raises(AssertionError, match="The graph was asked"):
        fresh.get(BERT)


def test_a_page_of_an_old_state_is_not_kept(fresh: FlaskClient) -> None:
    service: Service = fresh.application.extensions["hfmrs"]
    _, as_of = service.page("a page")
    service.keep_page("a page", "an older state", PAGE)
    assert service.page("a page") == (None, as_of)
    service.keep_page("a page", as_of, PAGE)
    assert service.page("a page") == (PAGE, as_of)


def test_pages_are_shared_and_outlive_the_server(tmp_path: Path) -> None:
    first, other = (KeptPages(tmp_path / "pages.sqlite") for _ in range(2))
    first.put("a page", "now", PAGE)
    assert other.get("a page", "now") == PAGE
    assert other.get("a page", "later") is None
    first.close()
    assert KeptPages(tmp_path / "pages.sqlite").get("a page", "now") == PAGE
    other.put("another", "later", PAGE)
    assert other.get("another", "later") == PAGE
    assert first.get("a page", "now") is None  # gone with its state
    assert (tmp_path / "pages.sqlite").stat().st_mode & 0o077 == 0


def test_the_oldest_pages_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 0)
    monkeypatch.setattr(kept, "_EVERY", 10)
    pages = KeptPages(tmp_path / "pages.sqlite")
    for number in range(10):
        pages.put(f"page {number}", "now", PAGE)
    assert all(pages.get(f"page {number}", "now") for number in range(10))
    KeptPages(tmp_path / "pages.sqlite").put("page 10", "now", PAGE)  # a server that is started anew looks at once
    assert [number for number in range(11) if pages.get(f"page {number}", "now")] == [*range(2, 11)]


def test_addresses_without_end_fill_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2_000_000)
    monkeypatch.setattr(kept, "_EVERY", 20)
    pages = KeptPages(tmp_path / "pages.sqlite")
    for number in range(1_000):
        pages.put(f"/search?q={number}", "now", PAGE._replace(packed=os.urandom(8_000)))
    assert pages.get("/search?q=999", "now")
    assert sum(each.stat().st_size for each in tmp_path.iterdir()) < 8_000_000  # of them the write-ahead log 4 MB


def test_a_page_that_looked_at_who_asks_is_not_kept(fresh: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    app, kept_pages = fresh.application, list[str]()
    monkeypatch.setattr(app.extensions["hfmrs"], "keep_page", lambda key, *_: kept_pages.append(key))
    fresh.get("/about")
    assert len(kept_pages) == 1
    for look in (lambda: {"x": people().current()}, lambda: {"x": generate_csrf()}):
        with monkeypatch.context() as looking:
            looking.setitem(app.template_context_processors, "pages", [look])
            assert fresh.get("/about").status_code == 200
    assert len(kept_pages) == 1


def test_a_page_lasts_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = KeptPages(tmp_path / "pages.sqlite")
    pages.put("a page", "now", PAGE)
    monkeypatch.setattr(kept, "SECONDS", 0.0)
    assert pages.get("a page", "now") is None


def test_without_a_file_nothing_is_kept_and_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    nowhere = KeptPages(tmp_path / "no" / "folder" / "pages.sqlite")
    nowhere.put("a page", "now", PAGE)
    assert nowhere.get("a page", "now") is None
    (tmp_path / "pages.sqlite").write_bytes(b"no database " * 1000)
    pages = KeptPages(tmp_path / "pages.sqlite")
    pages.put("a page", "now", PAGE)
    assert pages.get("a page", "now") == PAGE


def test_a_kept_page_names_the_site_as_it_was_reached(fresh: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(address: str, host: str) -> str:
        return html.unescape(fresh.get(address, headers={"Host": host}).text)

    for address in (BERT, "/api/docs"):
        assert "http://first.example" in shown(address, "first.example")
    _no_answers(fresh, monkeypatch)
    for address in (BERT, "/api/docs"):
        again = shown(address, "other.example:8000")
        assert "http://other.example:8000/" in again
        assert "first.example" not in again
    assert "<i>" not in fresh.get(BERT, headers={"Host": "x<i>"}).text


def test_pages_of_the_most_used_models_are_made_ahead(fresh: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    service: Service = fresh.application.extensions["hfmrs"]
    stored = [id_ for row in service.db.read("publish/stored", method=service.method()) for id_ in row["ids"]]
    others = [id_ for _, id_ in sorted(Known(service.db).names[1], reverse=True) if id_ not in stored][:3]
    service.settings = replace(service.settings, pages_ahead=len(stored) + len(others))
    waits = iter([True] * 5)
    models = ahead.most_used(service)
    assert not ahead.make(fresh.application, models, lambda seconds: next(waits, False))  # told to stop after the sixth
    assert ahead.make(fresh.application, models, lambda seconds: True)
    _no_answers(fresh, monkeypatch)
    for id_ in (*stored, *others):
        assert fresh.get(f"/model/{id_}").status_code == 200
    assert len(stored) > 100


def test_pages_are_made_ahead_again_for_a_new_state(fresh: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    service: Service = fresh.application.extensions["hfmrs"]
    states = iter(["one", "one", "two", "two", "two"])
    now, seen = [""], []
    monkeypatch.setattr(service, "state", lambda: now[0])

    def make(app: Any, models: Any, wait: Any) -> bool:
        seen.append((now[0], models))
        return len(seen) != 2  # broken off once

    def wait(seconds: float) -> bool:
        now[0] = next(states, "")
        return now[0] != ""

    monkeypatch.setattr(ahead, "make", make)
    monkeypatch.setattr(ahead, "most_used", lambda service: [f"{now[0]}, asked for after {len(seen)}"])
    ahead.keep_making(fresh.application, wait)
    one, two = ["one, asked for after 0"], ["two, asked for after 1"]  # once for each state
    assert seen == [("one", one), ("two", two), ("two", two)]


def test_the_process_that_makes_pages_ends_when_it_is_told(fresh: FlaskClient) -> None:
    process = ahead.Ahead(fresh.application)
    os.kill(process._process, 0)  # it is there
    process.end()
    with pytest.raises(ProcessLookupError):
        os.kill(process._process, 0)
    process.end()  # and nobody else is told
