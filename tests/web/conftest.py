"""What serves the built sample, and the browser that looks at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from hfmrs.settings import load
from tests.web.provider import CLIENT, SECRET, Provider
from tools.chromium import EXECUTABLE, PLAIN
from web import Oidc, WebSettings, create_app


@pytest.fixture(scope="session")
def app(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[APIFlask]:
    """The application over the built sample, without a rate limit, for one person on this computer."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store') / 'people.sqlite'}"
    settings = WebSettings(built, load(built).db or None, rate_limit="", people="local", store=store, secret_key=SECRET)
    application = create_app(settings)
    application.testing = True
    yield application
    application.extensions["hfmrs"].close()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    made = Provider()
    server = made.start()
    yield made
    server.shutdown()


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """Who people sign in with, as if nobody had yet."""
    running_provider.reset()
    return running_provider


@pytest.fixture
def shared_app(built: Path, provider: Provider, tmp_path: Path) -> Iterator[APIFlask]:
    """The application over the built sample for everybody who signs in."""
    application = create_app(
        WebSettings(
            built,
            load(built).db or None,
            rate_limit="",
            people="sign-in",
            store=f"sqlite:///{tmp_path / 'people.sqlite'}",
            secret_key=SECRET,
            oidc=Oidc(provider.address, CLIENT, SECRET),
        )
    )
    application.testing = True
    yield application
    application.extensions["people"].store.connections.close()
    application.extensions["hfmrs"].close()


@pytest.fixture(scope="session")
def address(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`hfmrs serve` over the built sample, as people run it."""
    with served(built, tmp_path_factory.mktemp("served")) as place:
        yield place


@contextmanager
def served(home: Path, people: Path) -> Iterator[str]:
    """`hfmrs serve` over a home, as people run it; what is kept of them lies in the folder `people`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "hfmrs", "--home", str(home), "serve", "--port", str(port)]
    store = f"sqlite:///{people / 'people.sqlite'}"
    own = {"HFMRS_WORKERS": "1", "HFMRS_RATE_LIMIT": "none", "HFMRS_STORE": store, "HFMRS_SECRET_KEY": SECRET}
    server = subprocess.Popen(command, env=os.environ | own)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/v1/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Until the address answers; fails when the server ends or the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            threading.Event().wait(0.05)
    pytest.fail(f"{address} did not answer within {seconds} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's where there is one, else Playwright's own."""
    expect.set_options(timeout=30_000)  # a busy machine takes its time
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=EXECUTABLE, args=list(PLAIN))
        yield chromium
        chromium.close()


class Watched:
    """A page and everything that went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: (self.troubles.append(dialog.message), dialog.dismiss()))


@contextmanager
def watching(browser: Browser) -> Iterator[Watched]:
    """A fresh page that must stay free of errors, broken policies and dialogs."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = Watched(context.new_page())
    yield found
    context.close()
    assert found.troubles == []


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    with watching(browser) as found:
        yield found


@pytest.fixture
def serve_here() -> Iterator[object]:
    """Serves an application from a thread of this process; returns its address."""
    running = []

    def serve(application: APIFlask) -> str:
        server = make_server("127.0.0.1", 0, application, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in running:
        server.shutdown()
