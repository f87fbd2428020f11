"""A Hub of our own: the listings of the API, served from rows that a test holds, with what can go wrong on the way.

    with Replay(models=[...]) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)

As on the Hub a cursor names the last row and not a number: rows that change or vanish between two pages shift nothing.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlencode, urlsplit

Row = dict[str, Any]
#: Longest that a slow answer is held back, where nobody lets it go.
DEADLINE = 30.0


class Trouble:
    """What is answered instead of a page: a status with headers and a body, a cut or a slow connection."""

    def __init__(
        self,
        status: int = 200,
        *,
        headers: dict[str, str] | None = None,
        body: bytes = b'{"error": "trouble"}',
        cut: bool = False,
        slow: Event | None = None,
    ) -> None:
        self.status = status
        self.headers = headers or {}
        self.body = body
        self.cut = cut
        self.slow = slow


class Replay:
    """`models` and all other `rows` may be changed at any time, `likes` hold a person's; `now` is the server's clock.

    `troubles` are used up one a request, None is a good answer; `before_page` is called with the number of each page.
    `asked` holds the path and query of every request, `served` of those that got a page; `tokens` what they carried.
    """

    def __init__(self, models: Iterable[Row] = (), datasets: Iterable[Row] = (), page: int = 1000) -> None:
        self.rows: dict[str, list[Row]] = {"models": list(models), "datasets": list(datasets)}
        self.rows |= {"papers": [], "collections": [], "spaces": []}
        self.likes: dict[str, list[Row]] = {}
        self.page = page
        self.now = datetime(2024, 6, 1, tzinfo=timezone.utc)
        self.troubles: list[Trouble | None] = []
        self.hidden: dict[str, int] = {}
        self.unlisted: set[str] = set()
        self.renamed: dict[str, str] = {}
        self.asked: list[str] = []
        self.served: list[str] = []
        self.tokens: list[str | None] = []
        self.before_page: Callable[[int], object] = lambda number: None
        self.server = _Server(("127.0.0.1", 0), _handler(self))
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def models(self) -> list[Row]:
        return self.rows["models"]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Replay:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def forget(self) -> None:
        """Empties the lists of what was asked."""
        self.asked.clear()
        self.served.clear()
        self.tokens.clear()

    def listing(self, rows: list[Row], query: dict[str, list[str]]) -> tuple[list[Row], str | None]:
        """One page, and the query of the next."""
        sort = query.get("sort", ["createdAt"])[0]
        found = [row for row in rows if _id(row) not in self.unlisted and _fits(row, query)]
        found.sort(key=lambda row: _place(row, sort), reverse=True)
        if "cursor" in query:
            last = json.loads(base64.urlsafe_b64decode(query["cursor"][0]))
            found = [row for row in found if _place(row, sort) < (last[0], last[1])]
        limit = min(int(query.get("limit", ["1000"])[0]), self.page)
        page = found[:limit]
        shown = [_expanded(row, query.get("expand", [])) for row in page]
        if len(found) <= limit:
            return shown, None
        cursor = base64.urlsafe_b64encode(json.dumps(_place(page[-1], sort)).encode()).decode()
        return shown, urlencode({**query, "cursor": [cursor]}, doseq=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that went away is part of the play
            super().handle_error(request, client_address)


def _id(row: Row) -> str:
    """What an entry is asked for by: of a like its repository."""
    return str(row.get("slug") or row.get("id") or row["repo"]["name"])


def _place(row: Row, sort: str) -> tuple[Any, str]:
    """Where a row stands in a listing; equal ones stand by their ids."""
    value = row.get("lastUpdated") if sort == "lastModified" and "slug" in row else row.get(sort)
    return value or ("" if sort.endswith(("At", "Modified")) else 0), _id(row)


def _fits(row: Row, query: dict[str, list[str]]) -> bool:
    author = row.get("author") or _id(row).split("/")[0]
    return (
        query.get("author", query.get("owner", [author])) == [author]
        and query.get("pipeline_tag", [row.get("pipeline_tag")]) == [row.get("pipeline_tag")]
        and all(tag in row.get("tags", ()) for tag in query.get("filter", []))
        and all(text.lower() in _id(row).lower() for text in query.get("search", []))
    )


def _expanded(row: Row, expand: list[str]) -> Row:
    if "items" in row:
        return {**row, "items": row["items"][:4]}  # a list of collections shows no more of each
    return {name: value for name, value in row.items() if not expand or name in expand or name in ("id", "_id")}


def _handler(hub: Replay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            names = urlsplit(self.path).path.split("/")
            if names[1] != "api" or names[2] not in (*hub.rows, "users"):
                self.send(404, b"{}")  # the client looks for news of its own
                return
            hub.asked.append(self.path)
            hub.tokens.append(self.headers.get("Authorization"))
            trouble = hub.troubles.pop(0) if hub.troubles else None
            if trouble is None:
                self.answer()
            elif trouble.slow:
                trouble.slow.wait(DEADLINE)
                self.close_connection = True
            elif trouble.cut:
                self.send(200, b"[]", {"Content-Length": "1000000"})
                self.close_connection = True
            else:
                self.send(trouble.status, trouble.body, trouble.headers)

        def answer(self) -> None:
            parts = urlsplit(self.path)
            kind, _, id_ = unquote(parts.path.removeprefix("/api/")).partition("/")
            if kind == "users":
                user = id_.removesuffix("/likes")
                if user in hub.likes:
                    self.page(hub.likes[user], parts)
                else:
                    self.send(404, b'{"error": "User not found"}')
            elif id_:
                self.entry(kind, id_)
            else:
                self.page(hub.rows[kind], parts)

        def page(self, rows: list[Row], parts: SplitResult) -> None:
            hub.before_page(len(hub.served) + 1)
            found, following = hub.listing(rows, parse_qs(parts.query))
            hub.served.append(self.path)
            # The real one names itself, whatever stands between it and the client.
            link = {"Link": f'<https://huggingface.co{parts.path}?{following}>; rel="next"'} if following else {}
            self.send(200, json.dumps(found).encode(), link)

        def entry(self, kind: str, id_: str) -> None:
            id_ = hub.renamed.get(id_, id_)
            found = [row for row in hub.rows[kind] if _id(row) == id_]
            if id_ in hub.hidden:
                self.send(hub.hidden[id_], b'{"error": "Access is restricted"}')
            elif found:
                self.send(200, json.dumps(found[0]).encode())
            else:
                self.send(404, b'{"error": "Repository not found"}')

        def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response_only(status)
            named = {"Date": format_datetime(hub.now, usegmt=True), "Content-Type": "application/json"}
            for name, value in {**named, "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
