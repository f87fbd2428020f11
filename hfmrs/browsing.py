"""Serves the files for Neo4j Browser on this machine alone, and on request Browser itself from a jar people bring."""

from __future__ import annotations

import mimetypes
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from graph.errors import BadInput
from hfmrs.browser import files

if TYPE_CHECKING:
    from hfmrs.settings import Settings

#: Browser asks before it fetches from another origin; the files hold nothing that others may not read.
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "cache-control, pragma, sentry-trace, baggage",
}

#: Browser may speak to databases and to this machine; what it would send to its makers, or load from them, stays away.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; "
    "connect-src 'self' ws: wss: http://localhost:* http://127.0.0.1:*"
)

_HINT = "It lies in the folder lib of any Neo4j 5, as neo4j-browser-5.….jar."


class BrowserServer(ThreadingHTTPServer):
    """Answers on `http://localhost:PORT` until it is shut down. Raises `BadInput` for a jar that is not Browser's."""

    daemon_threads = True

    def __init__(self, port: int, jar: Path | None = None) -> None:
        self.jar = _opened(jar) if jar else None
        super().__init__(("127.0.0.1", port), _Handler)
        #: By this name, because Browser takes guides from `localhost` and not from `127.0.0.1`.
        self.address = f"http://localhost:{self.server_port}"
        self.files: Mapping[str, bytes] = files(self.address)

    def body(self, path: str) -> bytes | None:
        """The file at a path without its leading `/`, or `None`."""
        if self.jar and path.startswith("browser/"):
            try:
                return self.jar.read(path)
            except KeyError:
                return None
        return self.files.get(path)


class _Handler(BaseHTTPRequestHandler):
    server: BrowserServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).lstrip("/")
        if not path:
            return self._answer(302, b"", "text/plain", Location="/guide.html")
        path += "index.html" if path.endswith("/") else ""
        body = self.server.body(path)
        if body is None:
            return self._answer(404, b"There is nothing here.\n", "text/plain")
        kind = mimetypes.guess_type(path)[0] or "text/plain"
        self._answer(200, body, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)

    do_HEAD = do_GET

    def do_OPTIONS(self) -> None:
        self._answer(204, b"", "text/plain")

    def _answer(self, status: int, body: bytes, kind: str, **more: str) -> None:
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": _POLICY}
        self.send_response(status)
        for name, value in {**headers, **_CROSS_ORIGIN, "X-Content-Type-Options": "nosniff", **more}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *values: Any) -> None:
        """Nobody needs a line for each file."""


def _opened(jar: Path) -> zipfile.ZipFile:
    try:
        found = zipfile.ZipFile(jar)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(f"{jar} cannot be read as a jar: {error}.", _HINT) from None
    if "browser/index.html" not in found.namelist():
        raise BadInput(f"{jar} holds no Neo4j Browser.", _HINT)
    return found


def connection(settings: Settings) -> dict[str, str]:
    """Where Browser is to connect, as whom, and for the embedded database by which password (else empty)."""
    if not settings.db:
        from graph.analysts import reading

        server = reading(settings.home, settings.db_name, settings.heap, settings.analysts_heap)
        return {"address": server.uri, "user": "reader", "password": server.reader}
    place = urlsplit(settings.db)
    address = place._replace(netloc=place.netloc.rpartition("@")[2]).geturl()
    return {"address": address, "user": settings.reader_user or settings.db_user, "password": ""}


def link(connect: Mapping[str, str], guide: str) -> str:
    """What to put behind the address of any Neo4j Browser, so that its form is filled in and the guide opens."""
    scheme, _, place = connect["address"].partition("://")
    address = f"{scheme}://{quote(connect['user'], safe='')}@{place}"
    return f"/browser/?connectURL={quote(address, safe=':/@')}&cmd=guide&arg={guide}"
