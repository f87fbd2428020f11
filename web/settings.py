"""Everything the web application can be told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph.guard import ROWS, SECONDS


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of one application.

    `home`: where the embedded database and the text embedder live. `uri`, `user`, `password`, `database`: a Neo4j
    server instead of the embedded one. `reader`: (user, password) of a read-only user for the console there. `heap`,
    `analysts_heap`: memory of the embedded servers where they are started here.
    `rate_limit`: requests a client may make to the API and the console, in Flask-Limiter's words, or "" for no limit
    (counted in each worker process). `query_seconds`, `query_rows`: the console's limits. `proxies`: how many trusted
    proxies stand in front, so that the client's address is read from X-Forwarded-For.
    """

    home: Path
    uri: str | None = None
    user: str | None = None
    password: str | None = None
    database: str | None = None
    reader: tuple[str, str] | None = None
    heap: str = ""
    analysts_heap: str = ""
    rate_limit: str = "120 per minute"
    query_seconds: float = SECONDS
    query_rows: int = ROWS
    proxies: int = 0
