"""Everything the web application can be told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph.guard import ROWS, SECONDS


@dataclass(frozen=True, slots=True)
class Oidc:
    """Who people sign in with: a provider of OpenID Connect, and what this application is called there."""

    issuer: str = "https://huggingface.co"
    client_id: str = ""
    client_secret: str | None = None

    @property
    def is_hub(self) -> bool:
        """Whether the names there are those of the Hub's authors."""
        return self.issuer.rstrip("/") == "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of one application.

    `home`: where the embedded database and the text embedder live. `uri`, `user`, `password`, `database`: a Neo4j
    server instead of the embedded one. `reader`: (user, password) of a read-only user for the console there. `heap`,
    `analysts_heap`: memory of the embedded servers where they are started here.
    `rate_limit`: requests a client may make to the API and the console, in Flask-Limiter's words, or "" for no limit
    (counted in each worker process); `key_rate_limit` the same for a service with a key, `page_rate_limit` the same for
    pages that have to be made, which this computer may ask for without a limit. `cors_origins`: whose pages may read
    the API's answers, or "*" for everybody's. `query_seconds`, `query_rows`: the console's limits. `proxies`: how many
    trusted proxies stand in front, so that the client's address is read from X-Forwarded-For.
    `pages_ahead`: of how many of the most used models pages are made before anybody asks for them.
    `people`: whom something is kept for, everybody who signs in by `oidc` ("sign-in"), one person on this computer
    ("local") or nobody ("none"); in the private store at the address `store`, by default in the home. `secret_key`
    signs cookies; without one it is made and kept in the home.
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
    key_rate_limit: str = "1200 per minute"
    page_rate_limit: str = "300 per minute"
    cors_origins: tuple[str, ...] = ()
    query_seconds: float = SECONDS
    query_rows: int = ROWS
    proxies: int = 0
    pages_ahead: int = 20_000
    people: str = "none"
    store: str = ""
    secret_key: str = ""
    oidc: Oidc = Oidc()
